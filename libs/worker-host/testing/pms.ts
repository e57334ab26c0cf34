import { callsOf, defineCapability, definePms, fieldsOf, recordId, text, type AnyCalls } from '#capabilities';
import { Model, PmsRecord, Text } from '#models';

@Model({ path: 'gears', title: 'gear', description: 'Something with teeth.' })
class Gear extends PmsRecord {
  @Text({ description: 'Its name.', example: 'cog' })
  name?: string | null;
}

interface RemoteGear {
  readonly Id: number;
  readonly Name: string;
}
const { get, post, put } = callsOf<AnyCalls>();
const { write } = fieldsOf<RemoteGear, { main: { Name: string }; polish: { Name: string } }>(['main', 'polish']);

/** A PMS that exists in tests only: it makes gears in two steps. */
export const PMS = definePms({
  vendor: 'ACME',
  slug: 'acme',
  title: 'Acme',
  source: 'made up',
  credentials: [{ name: 'key', description: 'The key.', secret: true, required: true }],
  baseUrl: () => 'https://api.acme.example',
  auth: { kind: 'headers', headers: { 'x-key': 'key' } },
  probe: get('/me'),
  limits: { concurrent: 4 },
  paging: { kind: 'offset', offset: 'offset', limit: 'limit', size: 10, totalHeader: 'x-total' },
  verdicts: {},
  readError: () => ({ message: null, fields: [] }),
  capabilities: [
    defineCapability(Gear, {
      source: 'made up',
      documents: { main: {}, polish: {} },
      fields: { name: write('Name', text()) },
      create: {
        steps: [
          { name: 'make', call: post('/gears'), sends: 'main', id: 'Id' },
          { name: 'polish', call: put('/gears/{id}', { id: recordId }), sends: 'polish' },
        ],
        doubt: { policy: 'search', call: get('/gears'), same: ['name'], visibleAfterMs: 100 },
      },
      update: {
        current: get('/gears/{id}', { id: recordId }),
        steps: [{ name: 'change', call: put('/gears/{id}', { id: recordId }), sends: 'main' }],
        doubt: { policy: 'read_back' },
      },
      reads: { list: get('/gears'), one: get('/gears/{id}', { id: recordId }), id: 'Id' },
    }),
  ],
});
