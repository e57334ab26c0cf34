import { callsOf, defineCapability, definePms, fieldsOf, lacks, recordId, text, unsupported, type AnyCalls } from '#capabilities';
import { Model, modelOf, PmsRecord, Reference, Text } from '#models';
import type { Catalog } from '#service-kit';

/** Models and PMSs that exist in tests only: the router must not care which there are. */

@Model({ path: 'shelves', title: 'shelf', description: 'Something that gadgets stand on.' })
class Shelf extends PmsRecord {
  @Text({ description: 'Its label.', example: 'A1' })
  label?: string | null;
}

@Model({ path: 'gadgets', title: 'gadget', description: 'Something that stands on a shelf.' })
class Gadget extends PmsRecord {
  @Text({ description: 'Its name.', example: 'lamp' })
  name?: string | null;

  @Text({ description: 'Its colour.', example: 'red' })
  color?: string | null;

  @Reference('shelves', { description: 'Where it stands.' })
  shelf_id?: string | null;
}

@Model({
  path: 'gadget-notes',
  title: 'gadget note',
  description: 'A remark about a gadget.',
  parent: { path: 'gadgets', field: 'gadget_id', child: 'notes' },
})
class GadgetNote extends PmsRecord {
  @Reference('gadgets', { description: 'What it is about.' })
  gadget_id?: string | null;

  @Text({ description: 'What it says.', example: 'bright' })
  text?: string | null;
}

interface RemoteGadget {
  readonly Id: number;
  readonly Name: string;
  readonly ShelfId: number | null;
}
interface RemoteNote {
  readonly Id: number;
  readonly GadgetId: number;
  readonly Text: string;
}

const { get, post, put } = callsOf<AnyCalls>();
const gadget = fieldsOf<RemoteGadget, { main: { Name: string; ShelfId: number } }>(['main']);
const note = fieldsOf<RemoteNote, { main: { GadgetId: number; Text: string } }>(['main']);

const gadgets = defineCapability(Gadget, {
  source: 'made up',
  documents: { main: {} },
  fields: {
    name: gadget.write('Name', text({ maxLength: 10 }), { required: ['create'] }),
    color: unsupported('Acme paints everything grey.'),
    shelf_id: gadget.refer('ShelfId'),
  },
  create: {
    steps: [{ name: 'create', call: post('/gadgets'), sends: 'main', id: 'Id' }],
    doubt: { policy: 'person', because: 'Nothing can be searched.' },
  },
  update: {
    steps: [{ name: 'update', call: put('/gadgets/{id}', { id: recordId }), sends: 'main' }],
    doubt: { policy: 'read_back' },
  },
  reads: { list: get('/gadgets'), one: get('/gadgets/{id}', { id: recordId }), id: 'Id' },
});

const notes = defineCapability(GadgetNote, {
  source: 'made up',
  documents: { main: {} },
  fields: {
    gadget_id: note.refer('GadgetId', { required: ['create'] }),
    text: note.write('Text', text(), { required: ['create'] }),
  },
  create: {
    steps: [{ name: 'create', call: post('/notes'), sends: 'main', id: 'Id' }],
    doubt: { policy: 'person', because: 'Nothing can be searched.' },
  },
  update: lacks('Acme never changes a note.'),
  reads: lacks('Acme does not list notes.'),
});

const common = {
  source: 'made up',
  baseUrl: () => 'https://api.acme.com',
  auth: { kind: 'headers', headers: { 'x-key': 'apiKey' } },
  probe: get('/me'),
  limits: { concurrent: 1 },
  paging: { kind: 'offset', offset: 'offset', limit: 'limit', size: 10, totalHeader: 'x-total' },
  verdicts: {},
  readError: () => ({ message: null, fields: [] }),
  credentials: [
    { name: 'apiKey', description: 'The key of the account.', secret: true, required: true },
    {
      name: 'site',
      description: 'The site of the account.',
      secret: false,
      required: false,
      pattern: { source: '^[a-z]+$', words: 'small letters' },
    },
  ],
} as const;

const ACME = definePms({ ...common, vendor: 'ACME_ONE', slug: 'acme-one', title: 'Acme One', capabilities: [gadgets, notes] });
const BOLT = definePms({ ...common, vendor: 'BOLT', slug: 'bolt', title: 'Bolt', capabilities: [] });

/** Two PMSs: Acme One keeps gadgets and notes, Bolt nothing. */
export const CATALOG_OF_TESTS: Catalog = {
  models: new Map([Gadget, GadgetNote, Shelf].map((type) => [modelOf(type).path, modelOf(type)])),
  list: [ACME, BOLT],
  byVendor: (vendor) => [ACME, BOLT].find((pms) => pms.vendor === vendor),
  bySlug: (slug) => [ACME, BOLT].find((pms) => pms.slug === slug),
};
