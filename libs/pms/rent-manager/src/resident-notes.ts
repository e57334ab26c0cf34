import {
  defineCapability,
  fieldsOf,
  instant,
  recordId,
  referenceTo,
  text,
  theTimeOfTheRequest,
  unsupportedFields,
  type Call,
} from '#capabilities';
import { ResidentNote } from '#models/resident-note';
import { changedSince, get, madeSince, post, VISIBLE_AFTER_MS, withVersion } from './shared/calls.ts';
import type { HistoryNote } from './wire.ts';

const { read, refer, route, write } = fieldsOf<HistoryNote, { note: HistoryNote }>(['note']);

const note: Call = get('/HistoryNotes/{noteId}', { noteId: recordId });

const OF_TENANTS = 'EntityType,eq,Tenant';

/** Notes about anybody and anything are one resource; these are the ones about tenants. */
export const residentNotes = defineCapability(ResidentNote, {
  source: 'Rent Manager 12 Web API, help pages of HistoryNotes. Which members a create needs is not published: [inferred].',
  documents: { note: {} },
  fields: {
    resident_id: route({ from: 'ParentID', on: ['create'] }),
    notes: write('Note', text(), { required: ['create'], nullable: false }),
    note_category_id: refer('HistoryCategoryID', { required: ['create'], nullable: false }),
    date: write('HistoryDate', instant, { nullable: false, defaultAt: theTimeOfTheRequest }),
    x_created_at: read('CreateDate', instant),
    ...unsupportedFields(['title'], 'A Rent Manager note has a text only.'),
    ...unsupportedFields(['attachment'], 'Files travel as multipart uploads, which Latchkey does not send yet.'),
    ...unsupportedFields(['creator_name'], 'Rent Manager shows the id of the user who wrote the note, not the name.'),
  },
  create: {
    steps: [
      {
        name: 'note',
        call: post('/Tenants/{tenantId}/HistoryNotes', { tenantId: referenceTo('resident_id') }),
        sends: 'note',
        asArray: true,
        id: '0.HistoryID',
      },
    ],
    doubt: {
      policy: 'search',
      call: get('/HistoryNotes', {}, { filters: madeSince({ ParentID: referenceTo('resident_id') }) }),
      same: ['notes', 'x_resident_id'],
      createdAt: 'CreateDate',
      visibleAfterMs: VISIBLE_AFTER_MS,
    },
  },
  update: {
    current: note,
    steps: [{ name: 'note', call: post('/HistoryNotes/{noteId}', { noteId: recordId }), sends: 'note', compose: withVersion }],
    doubt: { policy: 'read_back' },
  },
  reads: {
    list: get('/HistoryNotes', {}, { filters: OF_TENANTS }),
    changedSince: changedSince(OF_TENANTS),
    one: note,
    id: 'HistoryID',
    only: ({ EntityType }: HistoryNote) => EntityType === 'Tenant',
  },
});
