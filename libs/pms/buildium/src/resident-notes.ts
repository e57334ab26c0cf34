import { defineCapability, fieldsOf, parentId, recordId, referenceTo, sinceSent, text, unsupportedFields } from '#capabilities';
import { ResidentNote } from '#models/resident-note';
import { get, post, put, theDayBefore, VISIBLE_AFTER_MS, wire } from './shared/calls.ts';
import type { NoteMessage, NotePostMessage, NotePutMessage } from './wire/index.ts';

const { route, write } = fieldsOf<NoteMessage, { create: NotePostMessage; update: NotePutMessage }>(['create', 'update']);

const tenantId = referenceTo('resident_id');
const ADDRESS = { tenantId, noteId: recordId } as const;

/** A note hangs under a tenant, whose id is in the address of every call. */
export const residentNotes = defineCapability(ResidentNote, {
  source: 'https://developer.buildium.com/#tag/Lease-Tenants',
  documents: { create: { schema: wire('NotePostMessage') }, update: { schema: wire('NotePutMessage') } },
  fields: {
    resident_id: route({
      required: ['create', 'update'],
      note: 'On an update: the resident whom the note is about; a note does not move.',
    }),
    notes: write('Note', text()),
    ...unsupportedFields(['title', 'note_category_id', 'attachment'], 'A Buildium note is a text, and nothing else.'),
    ...unsupportedFields(['date'], 'Buildium dates a note itself.'),
    ...unsupportedFields(['creator_name', 'x_created_at'], 'Buildium tells who changed a note last and when, not who wrote it.'),
  },
  create: {
    steps: [{ name: 'note', call: post('/v1/leases/tenants/{tenantId}/notes', { tenantId }), sends: 'create', id: 'Id' }],
    doubt: {
      policy: 'search',
      // The one filter that is written with a blank. [documented]
      call: get(
        '/v1/leases/tenants/{tenantId}/notes',
        { tenantId },
        { updateddatetimefrom: sinceSent((at) => `${theDayBefore(at)} 00:00:00`) },
      ),
      same: ['notes'],
      createdAt: 'LastUpdatedByUser.UpdatedDateTime',
      visibleAfterMs: VISIBLE_AFTER_MS,
    },
  },
  update: {
    current: get('/v1/leases/tenants/{tenantId}/notes/{noteId}', ADDRESS),
    steps: [{ name: 'note', call: put('/v1/leases/tenants/{tenantId}/notes/{noteId}', ADDRESS), sends: 'update' }],
    doubt: { policy: 'read_back' },
  },
  reads: {
    list: get('/v1/leases/tenants/{tenantId}/notes', { tenantId: parentId }),
    id: 'Id',
    under: 'residents',
    parentField: 'resident_id',
  },
});
