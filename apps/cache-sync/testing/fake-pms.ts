import { answer, type Comparison, readableModels, readPage, type MessageBus, type ReadPage } from '#messaging';
import { Problem } from '#problem';

type Fields = Readonly<Record<string, unknown>>;

/** A PMS and its worker: it shows the records that a test gives it, two a page, and can be told to misbehave. */
export class FakePms {
  /** Model -> x_id -> fields; the models are read in this order. */
  readonly records = new Map<string, Map<string, Fields>>();
  /** Models that can be asked for their changes: it shows nothing but the records that a test marked as changed. */
  readonly changes = new Map<string, ReadonlySet<string>>();
  readonly asked: ReadPage[] = [];
  /** Called before each answer; may throw, or wait. */
  before: (request: ReadPage) => void | Promise<void> = () => undefined;

  constructor(readonly slug: string) {}

  has(model: string, records: Readonly<Record<string, Fields>>): void {
    this.records.set(model, new Map(Object.entries(records)));
  }

  listen(bus: MessageBus): void {
    const readable = () => [...this.records.keys()].map((model) => ({ model, by_change: this.changes.has(model) }));
    answer(bus.connection, readableModels, readable, this.slug);
    answer(bus.connection, readPage, (request) => this.page(request), this.slug);
  }

  private async page(request: ReadPage) {
    this.asked.push(request);
    const fetched_at = new Date().toISOString();
    await this.before(request);
    const { model, x_id, cursor = '0', changed_since } = request;
    const changed = (id: string): boolean => changed_since === undefined || this.changes.get(model)?.has(id) === true;
    const all = [...(this.records.get(model) ?? [])].filter(([id]) => changed(id)).map(([id, fields]) => ({ x_id: id, fields }));
    if (x_id !== undefined) {
      const found = all.filter((record) => record.x_id === x_id);
      if (found.length === 0) throw Problem.notFound('record');
      const page = { records: found, next: null, total: 1, fetched_at };
      return request.written ? { ...page, compared: compare(request.written.values, found[0]?.fields ?? {}) } : page;
    }
    const from = Number(cursor);
    const next = from + 2 < all.length ? String(from + 2) : null;
    return { records: all.slice(from, from + 2), next, total: all.length, fetched_at };
  }
}

function compare(values: Fields, shown: Fields): Comparison {
  const differing = Object.keys(values).filter((field) => values[field] !== shown[field]);
  const differences = differing.map((field) => ({
    field,
    written: values[field],
    found: shown[field] ?? null,
    normalised: false,
  }));
  return { verified: differences.length === 0, differences };
}
