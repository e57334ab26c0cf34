/** Dated notes of tenants and applicants; a note of an applicant cannot be changed. */
import type { NoteMessage } from '#pms/buildium/wire';
import { created, notFound, ok, type Call, type CallKey, type Handlers } from './api.ts';
import { demoIds } from './demo-ids.ts';
import { answerList, type Filters } from './listing.ts';
import { noted } from './render.ts';
import type { NoteRecord, Store } from './store.ts';

/** All calls carry the one key of the demo account, which acts for this user. */
const authorId = demoIds.users.manager;

function renderNote(store: Store, note: NoteRecord): Required<NoteMessage> {
  const { Id, FirstName, LastName } = store.users.mustGet(authorId).message;
  return {
    Id: note.id,
    Note: note.text,
    LastUpdatedByUser: { Id, FirstName, LastName, Href: `/v1/users/${Id}`, UpdatedDateTime: note.updated },
  };
}

const filters: Filters<'GET /v1/leases/tenants/{tenantId}/notes', NoteRecord> = {
  updateddatetimefrom: ({ updated }, from) => updated >= from,
  updateddatetimeto: ({ updated }, to) => updated <= to,
  lastupdatedbyuserid: (_note, id) => id === authorId,
};

interface WithNotes {
  readonly noteIds: number[];
}

const find = (store: Store, { noteIds }: WithNotes, id: number) => (noteIds.includes(id) ? store.notes.get(id) : undefined);

type NotePost = 'POST /v1/leases/tenants/{tenantId}/notes' | 'POST /v1/applicants/{applicantId}/notes';

function addNote<K extends NotePost & CallKey>(
  call: Call<K>,
  parent: WithNotes,
  text: string,
  resource: string,
): Required<NoteMessage> {
  const { store, world } = call;
  const note = store.notes.add({ ...store.notes.born(world.now()), text });
  parent.noteIds.push(note.id);
  return noted(call, { resource, action: 'create', id: note.id }, renderNote(store, note));
}

export const noteHandlers = {
  'GET /v1/leases/tenants/{tenantId}/notes': (call) => {
    const { params, store } = call;
    const tenant = store.tenants.get(params.tenantId);
    if (!tenant) return notFound('tenantId', params.tenantId);
    return answerList(call, store.notes.of(tenant.noteIds), filters, (note) => renderNote(store, note));
  },

  'POST /v1/leases/tenants/{tenantId}/notes': (call) => {
    const { body, params, store } = call;
    const tenant = store.tenants.get(params.tenantId);
    if (!tenant) return notFound('tenantId', params.tenantId);
    const note = addNote(call, tenant, body.Note, 'LeaseTenantNote');
    return created(`/v1/leases/tenants/${tenant.id}/notes/${note.Id}`, note);
  },

  'GET /v1/leases/tenants/{tenantId}/notes/{noteId}': ({ params, store }) => {
    const tenant = store.tenants.get(params.tenantId);
    const note = tenant && find(store, tenant, params.noteId);
    return note ? ok(renderNote(store, note)) : notFound('noteId', params.noteId);
  },

  'PUT /v1/leases/tenants/{tenantId}/notes/{noteId}': (call) => {
    const { body, params, store, now } = call;
    const tenant = store.tenants.get(params.tenantId);
    const note = tenant && find(store, tenant, params.noteId);
    if (!note) return notFound('noteId', params.noteId);

    note.text = body.Note;
    note.updated = now;
    return ok(noted(call, { resource: 'LeaseTenantNote', action: 'update', id: note.id }, renderNote(store, note)));
  },

  'GET /v1/applicants/{applicantId}/notes': (call) => {
    const { params, store } = call;
    const applicant = store.applicants.get(params.applicantId);
    if (!applicant) return notFound('applicantId', params.applicantId);
    return answerList(call, store.notes.of(applicant.noteIds), filters, (note) => renderNote(store, note));
  },

  'POST /v1/applicants/{applicantId}/notes': (call) => {
    const { body, params, store } = call;
    const applicant = store.applicants.get(params.applicantId);
    if (!applicant) return notFound('applicantId', params.applicantId);
    const note = addNote(call, applicant, body.Note, 'ApplicantNote');
    return created(`/v1/applicants/${applicant.id}/notes/${note.Id}`, note);
  },

  'GET /v1/applicants/{applicantId}/notes/{noteId}': ({ params, store }) => {
    const applicant = store.applicants.get(params.applicantId);
    const note = applicant && find(store, applicant, params.noteId);
    return note ? ok(renderNote(store, note)) : notFound('noteId', params.noteId);
  },
} satisfies Partial<Handlers>;
