import {
  calendarDate,
  callsOf,
  defineCapability,
  definePms,
  fieldsOf,
  fromPayload,
  inCurrent,
  lacks,
  madeBy,
  money,
  parentId,
  recordId,
  sinceSent,
  text,
  type AnyCalls,
  type Capability,
  type OperationSpec,
  type PmsDefinition,
} from '#capabilities';
import { CalendarDate, Model, MoneyInCents, PmsRecord, Reference, Text } from '#models';

/** A PMS that exists in tests only: it keeps widgets in boxes, with labels and remarks. */

@Model({ path: 'boxes', title: 'box', description: 'Something that holds widgets.' })
export class Box extends PmsRecord {
  @Text({ description: 'Its label.', example: 'A1' })
  label?: string | null;
}

@Model({ path: 'widgets', title: 'widget', description: 'Something in a box.' })
export class Widget extends PmsRecord {
  @Text({ description: 'Its name.', example: 'gear' })
  name?: string | null;

  @Text({ description: 'Where to write to about it.', example: 'gear@example.com' })
  email?: string | null;

  @Text({ description: 'A number to call about it.', example: '+1 555 010 0000' })
  phone?: string | null;

  @CalendarDate({ description: 'When it was bought.', example: '2026-01-31' })
  bought_on?: string | null;

  @MoneyInCents({ description: 'What it cost.', example: 1999 })
  price_in_cents?: number | null;

  @Text({ description: 'A code that is never shown again.', example: 'x' })
  code?: string | null;

  @Text({ description: 'What is printed on it.', example: 'fragile' })
  print?: string | null;

  @Reference('boxes', { description: 'The box that it is in.' })
  box_id?: string | null;
}

@Model({
  path: 'remarks',
  title: 'remark',
  description: 'A remark about a widget.',
  parent: { path: 'widgets', field: 'widget_id', child: 'remarks' },
})
export class Remark extends PmsRecord {
  @Reference('widgets', { description: 'What it is about.' })
  widget_id?: string | null;

  @Text({ description: 'What it says.', example: 'squeaks' })
  words?: string | null;
}

export interface RemoteWidget {
  readonly Id: number;
  readonly Name?: string | null;
  readonly Email?: string | null;
  readonly Phone?: string | null;
  readonly Bought?: string | null;
  readonly Price?: number | null;
  readonly BoxId?: number | null;
  readonly Print?: string | null;
  readonly Created?: string;
  readonly LabelId?: number | null;
  readonly Kept?: string;
}
interface Body {
  Name: string;
  Email: string;
  Phone: string;
  Bought: string;
  Price: number;
  Code: string;
  BoxId: number;
}

const { get, post, put } = callsOf<AnyCalls>();
const { refer, write } = fieldsOf<RemoteWidget, { main: Body; label: { Print: string } }>(['main', 'label']);

export const VISIBLE_AFTER_MS = 10_000;

const MAKE = { name: 'make', call: post('/widgets'), sends: 'main', id: 'Id' } as const;
const CHANGE = { name: 'change', call: put('/widgets/{id}', { id: recordId }), sends: 'main' } as const;
const LABEL = { name: 'label', call: post('/widgets/{id}/labels', { id: recordId }), sends: 'label' } as const;

/** What tests ask for otherwise. */
export interface WidgetOptions {
  readonly create?: Partial<OperationSpec>;
  readonly update?: Partial<OperationSpec>;
  readonly createdAt?: string;
  readonly reads?: Capability['reads'];
  readonly view?: Capability['view'];
}

/** Made in two steps; an update replaces the whole widget and adds or changes the label. */
export function widgets(options: WidgetOptions = {}): Capability {
  return defineCapability(Widget, {
    source: 'made up',
    documents: { main: {}, label: {} },
    fields: {
      name: write('Name', text(), { only: ['main'] }),
      email: write('Email', text(), { only: ['main'] }),
      phone: write('Phone', text(), { only: ['main'] }),
      bought_on: write('Bought', calendarDate, { only: ['main'] }),
      price_in_cents: write('Price', money, { only: ['main'] }),
      code: write('Code', text(), { only: ['main'], unread: 'Acme never shows it.' }),
      box_id: refer('BoxId', { only: ['main'] }),
      print: write('Print', text(), { only: ['label'] }),
    },
    ...(options.view && { view: options.view }),
    create: {
      current: get('/widgets/{id}', { id: recordId }),
      steps: [MAKE, { ...LABEL, call: post('/widgets/{id}/labels', { id: madeBy('make') }) }],
      doubt: {
        policy: 'search',
        call: get(
          '/widgets',
          {},
          {
            name: fromPayload('the name', ({ name }) => name as string | undefined),
            since: sinceSent((at) => at.toISOString()),
          },
        ),
        same: ['name', 'email', 'x_box_id'],
        createdAt: options.createdAt ?? 'Created',
        visibleAfterMs: VISIBLE_AFTER_MS,
      },
      ...options.create,
    },
    update: {
      current: get('/widgets/{id}', { id: recordId }),
      updates: 'replace',
      carry: ({ Name, Kept }: RemoteWidget) => ({ Name, Kept }),
      steps: [
        CHANGE,
        {
          ...LABEL,
          call: put('/labels/{id}', { id: inCurrent<RemoteWidget>('its label', (current) => current.LabelId) }),
          otherwise: {
            unless: inCurrent<RemoteWidget>('its label', (current) => current.LabelId),
            call: post('/widgets/{id}/labels', { id: recordId }),
            asArray: true,
          },
        },
      ],
      doubt: { policy: 'read_back' },
      ...options.update,
    },
    reads: options.reads ?? { list: get('/widgets'), one: get('/widgets/{id}', { id: recordId }), id: 'Id' },
  });
}

const remark = fieldsOf<{ Id: number; Words: string }, { main: { Words: string } }>(['main']);
/** Listed under each widget. */
export const remarks = defineCapability(Remark, {
  source: 'made up',
  documents: { main: {} },
  fields: {
    widget_id: { kind: 'route', from: null, on: ['create'], required: ['create'], codec: text() },
    words: remark.write('Words', text()),
  },
  create: lacks('Not in tests.'),
  update: lacks('Not in tests.'),
  reads: {
    list: get('/widgets/{id}/remarks', { id: parentId }),
    id: 'Id',
    under: 'widgets',
    parentField: 'widget_id',
  },
});

/** Acme, with whatever a test wants otherwise. */
export function acme(changes: Partial<PmsDefinition> = {}, widget: Capability = widgets()): PmsDefinition {
  return {
    ...definePms({
      vendor: 'ACME',
      slug: 'acme',
      title: 'Acme',
      source: 'made up',
      credentials: [
        { name: 'key', description: 'The key.', secret: true, required: true },
        { name: 'user', description: 'The user.', secret: false, required: false },
        { name: 'password', description: 'The password.', secret: true, required: false },
      ],
      baseUrl: () => 'https://api.acme.example',
      auth: { kind: 'headers', headers: { 'x-key': 'key' } },
      probe: get('/me'),
      limits: { concurrent: 100, headers: { remaining: 'X-Remaining', resetAt: 'X-Reset' } },
      paging: { kind: 'offset', offset: 'offset', limit: 'limit', size: 3, totalHeader: 'X-Total' },
      verdicts: { 422: 'refused', 503: 'later' },
      readError: (body) => {
        const { message, field } = (body ?? {}) as { message?: string; field?: string };
        return { message: message ?? null, fields: field === undefined ? [] : [{ remote: field, message: 'is wrong' }] };
      },
      capabilities: [widget, remarks],
    }),
    ...changes,
  };
}

/** A login that yields `{ token }`. */
export const LOGIN = {
  kind: 'login',
  call: post('/login'),
  body: ({ user, password }: Readonly<Record<string, string>>) => ({ user, password }),
  token: (answer: unknown) => (answer as { token?: string }).token,
  header: 'x-token',
  idleMs: 15 * 60_000,
  lifetimeMs: 24 * 3_600_000,
} as const;

export const CREDENTIALS = { key: 'k3y-of-acme', user: 'jo', password: 'pa55-of-acme' } as const;
