/**
 * What happens to the writes of one integration, carried out on the model and on the real ledger alike: after each happening both must show the same.
 *
 * A happening comes about at one of the writes at which it is possible; where it is at none, it is skipped.
 */
import type fc from 'fast-check';
import { Problem } from '#problem';
import type { TestLedger } from './ledger.fixture.ts';
import { ENDS, ModelLedger, type ModelWrite, type Reply } from './ledger.model.ts';

/** One run's part of the real ledger. */
export interface RealLedger {
  readonly t: TestLedger;
  readonly integrationId: string;
  /** In the order of the model's writes. */
  readonly ids: string[];
}

/** Nothing is over by itself while a run goes on; shows the rows as they are then. */
const FREEZE = `
  update ledger.operation
  set due_at = case when due_at is not null then clock_timestamp() + interval '1 day' end,
      released_at = case when released_at is not null then clock_timestamp() + interval '1 day' end
  where id = any($1::text[])
  returning id, state, token, release_no, worker, lease_until is not null as is_leased, steps, crashes, resends,
    due_at is null as is_ready, completed_at is not null as is_ended`;
interface Row {
  readonly id: string;
  readonly steps: readonly { readonly name: string; readonly state: string }[];
  readonly [column: string]: unknown;
}

/** What both must show of a write. */
const shownBy = (write: ModelWrite) => ({
  state: write.state,
  token: write.token,
  release_no: write.release,
  worker: write.worker,
  is_leased: write.worker !== null,
  steps: Object.fromEntries(write.steps),
  crashes: write.crashes,
  resends: write.resends,
  is_ended: ENDS.includes(write.state),
  is_ready: write.state === 'RETRY_WAIT' ? write.isReady : undefined,
});
const shownIn = ({ id: _, is_ready, steps, ...row }: Row) => ({
  ...row,
  steps: Object.fromEntries(steps.map(({ name, state }) => [name, state])),
  is_ready: row['state'] === 'RETRY_WAIT' ? is_ready : undefined,
});

/** @throws Error with both sides where they differ */
async function compare(model: ModelLedger, { t, ids }: RealLedger): Promise<void> {
  await t.dispatcher.drain();
  const rows = new Map((await t.database.run<Row>(FREEZE, ids)).map((row) => [row.id, row]));
  model.writes.forEach((write, index) => {
    const row = rows.get(ids[index] ?? '');
    const [wanted, seen] = [shownBy(write), row ? shownIn(row) : 'no row'].map((side) => JSON.stringify(side, order));
    if (wanted !== seen) throw new Error(`write ${index}\n  by the model ${wanted}\n  in the ledger ${seen}`);
  });
}
/** Members in one order, so that texts can be compared. */
const order = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value;

/** What the ledger replied; `isNothing` tells by its answer. */
export async function replyOf(work: Promise<unknown>, isNothing: (answer: unknown) => boolean = () => false): Promise<Reply> {
  try {
    return isNothing(await work) ? 'nothing' : 'done';
  } catch (error) {
    if (error instanceof Problem && error.code === 'conflict') return 'refused';
    throw error;
  }
}

export type Deed = (about: {
  readonly model: ModelLedger;
  readonly write: ModelWrite;
  readonly id: string;
  readonly real: RealLedger;
}) => Promise<readonly [byModel: string, byLedger: string] | void>;
export type IsPossible = (write: ModelWrite, model: Readonly<ModelLedger>) => boolean;

/** Something that happens to one of the writes. A deed returns what the model and the ledger replied. */
export class Happening implements fc.AsyncCommand<ModelLedger, RealLedger> {
  constructor(
    private readonly name: string,
    private readonly nth: number,
    private readonly deed: Deed,
    private readonly isPossible: IsPossible = () => true,
  ) {}

  check(model: Readonly<ModelLedger>): boolean {
    return this.indexIn(model) !== undefined;
  }

  async run(model: ModelLedger, real: RealLedger): Promise<void> {
    const index = this.indexIn(model) ?? 0;
    const write = model.writes[index] as ModelWrite;
    const replies = await this.deed({ model, write, id: real.ids[index] ?? '', real });
    model.dispatch();
    if (replies && replies[0] !== replies[1])
      throw new Error(`${this.name}: ${replies[0]} by the model, ${replies[1]} by the ledger`);
    await compare(model, real);
  }

  toString(): string {
    return `${this.name} #${this.nth}`;
  }

  private indexIn(model: Readonly<ModelLedger>): number | undefined {
    const { writes } = model;
    const possible = [...writes.keys()].filter((index) => this.isPossible(writes[index] as ModelWrite, model));
    return possible[this.nth % possible.length];
  }
}

/** A write more, while few live. */
export class Opening implements fc.AsyncCommand<ModelLedger, RealLedger> {
  check({ writes }: Readonly<ModelLedger>): boolean {
    return writes.length < MOST_WRITES && writes.filter(({ state }) => !ENDS.includes(state)).length < MOST_ALIVE;
  }

  async run(model: ModelLedger, real: RealLedger): Promise<void> {
    await open(model, real);
    await compare(model, real);
  }

  toString(): string {
    return 'a write is opened';
  }
}
/** Far below what an integration may have under way at once. */
const [MOST_WRITES, MOST_ALIVE] = [6, 2];

/** What a run begins with: two writes. */
export async function beginning(t: TestLedger, integrationId: string): Promise<{ model: ModelLedger; real: RealLedger }> {
  const [model, real] = [new ModelLedger(), { t, integrationId, ids: [] }];
  for (let count = 0; count < MOST_ALIVE; count += 1) await open(model, real);
  await compare(model, real);
  return { model, real };
}

async function open(model: ModelLedger, { t, integrationId, ids }: RealLedger): Promise<void> {
  const { job_id } = await t.open(t.aWrite({ integration_id: integrationId }));
  ids.push(job_id);
  model.open();
  model.dispatch();
}
