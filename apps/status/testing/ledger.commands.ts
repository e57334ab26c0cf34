/**
 * What can happen to the writes of one integration, as commands that are carried out on the model and on the real ledger alike. After each, both must
 * show the same. Workers keep to their contract (they finish only what they sent); everything else comes in any order, with any token.
 */
import fc from 'fast-check';
import type { Outcome } from '#messaging';
import { Problem } from '#problem';
import { cancel } from '../src/decide/person.ts';
import { customer, type TestLedger } from './ledger.fixture.ts';
import { ENDINGS, ENDS, type EndingKind, type ModelLedger, type ModelWrite, type Reply } from './ledger.model.ts';

/** One run's part of the real ledger. */
export interface RealLedger {
  readonly t: TestLedger;
  readonly integrationId: string;
  /** In the order of the model's writes. */
  readonly ids: string[];
}

const FAR_MS = 86_400_000;
const WORKERS = ['worker one', 'worker two'] as const;
const STEPS = ['create', 'attach'] as const;

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

async function replyOf(work: Promise<unknown>, isNothing: (answer: unknown) => boolean = () => false): Promise<Reply> {
  try {
    return isNothing(await work) ? 'nothing' : 'done';
  } catch (error) {
    if (error instanceof Problem && error.code === 'conflict') return 'refused';
    throw error;
  }
}

type Deed = (about: {
  readonly model: ModelLedger;
  readonly write: ModelWrite;
  readonly id: string;
  readonly real: RealLedger;
}) => Promise<readonly [byModel: string, byLedger: string] | void>;

/** Something that happens to one of the writes. A deed returns what the model and the ledger replied. */
class Happening implements fc.AsyncCommand<ModelLedger, RealLedger> {
  constructor(
    private readonly name: string,
    private readonly nth: number,
    private readonly deed: Deed,
    private readonly isPossible: (write: ModelWrite) => boolean = () => true,
  ) {}

  check({ writes }: Readonly<ModelLedger>): boolean {
    const write = writes[this.nth % writes.length];
    return write !== undefined && this.isPossible(write);
  }

  async run(model: ModelLedger, real: RealLedger): Promise<void> {
    const index = this.nth % model.writes.length;
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
}

class Open implements fc.AsyncCommand<ModelLedger, RealLedger> {
  check({ writes }: Readonly<ModelLedger>): boolean {
    return writes.length < 2;
  }

  async run(model: ModelLedger, real: RealLedger): Promise<void> {
    const { job_id } = await real.t.open(real.t.aWrite({ integration_id: real.integrationId }));
    real.ids.push(job_id);
    model.open();
    model.dispatch();
    await compare(model, real);
  }

  toString(): string {
    return 'open';
  }
}

const OUTCOMES: { readonly [Kind in EndingKind]: (id: string) => Outcome } = {
  succeeded: (id) => ({ kind: 'succeeded', x_id: id }),
  failed: () => ({ kind: 'failed', errors: ['No.'], retriable: false }),
  retry: () => ({ kind: 'retry', errors: [], after_ms: FAR_MS }),
  pause: () => ({ kind: 'retry', errors: [], after_ms: FAR_MS, pause: true }),
  hold: () => ({ kind: 'hold', reason: 'refused' }),
  doubt: () => ({ kind: 'doubt', errors: [], policy: 'search', settle_after_ms: FAR_MS, settle_within_ms: 2 * FAR_MS }),
  'doubt for a person': () => ({ kind: 'doubt', errors: [], policy: 'person', settle_after_ms: 0, settle_within_ms: 0 }),
  resume: () => ({ kind: 'resume' }),
  absent: () => ({ kind: 'absent', errors: [] }),
  review: () => ({ kind: 'review', errors: [] }),
};
const ATTEMPT = {
  started_at: '2026-01-01T00:00:00Z',
  ended_at: '2026-01-01T00:00:01Z',
  evidence: 'B',
  pms_status: 200,
  message: null,
} as const;
const UNPAUSE = `update ledger.gate set paused_until = now() - interval '1 hour' where integration_id = $1`;

const nth = fc.nat(1);
/** How many claims ago: mostly now. */
const age = fc.oneof({ arbitrary: fc.constant(0), weight: 3 }, { arbitrary: fc.integer({ min: 1, max: 2 }), weight: 2 });
const step = fc.constantFrom(...STEPS);

/** What time does: a moment passes, and the sweeper looks. */
function passing(
  name: string,
  moments: readonly Parameters<TestLedger['pass']>[1][],
  then: (write: ModelWrite) => void,
  isPossible: (write: ModelWrite) => boolean,
): fc.Arbitrary<Happening> {
  const deed: Deed = async ({ write, id, real: { t } }) => {
    for (const moment of moments) await t.pass(id, moment);
    await t.sweeper.sweep();
    then(write);
  };
  return nth.map((index) => new Happening(name, index, deed, isPossible));
}

const isUnclaimed = ({ state, worker }: ModelWrite): boolean =>
  worker === null && (state === 'RELEASED' || state === 'RECONCILING');

const claiming = fc.tuple(nth, fc.constantFrom(...WORKERS), age).map(([index, worker, ago]) => {
  const deed: Deed = async ({ write, id, real: { t } }) => {
    const release = write.release - ago;
    const claimed = t.ledger.claim(t.pms, { job_id: id, release, worker });
    return [write.claim(worker, release), await replyOf(claimed, (claim) => claim === null)];
  };
  return new Happening(`${worker} claims${ago ? ` by a release ${ago} back` : ''}`, index, deed);
});
const sending = fc.tuple(nth, step, age).map(([index, name, ago]) => {
  const deed: Deed = async ({ write, id, real: { t } }) => {
    const token = write.token - ago;
    const advanced = t.ledger.advance(t.pms, { job_id: id, token, sending: { step: name, memo: {} } });
    const isNotNow = (answer: unknown): boolean => Object.keys(answer as object).some((key) => key !== 'lease_ms');
    return [write.sending(token, name), await replyOf(advanced, isNotNow)];
  };
  return new Happening(`sends ${name}${ago ? ` by a token ${ago} back` : ''}`, index, deed);
});
const finishing = fc.tuple(nth, step, age).map(([index, name, ago]) => {
  const deed: Deed = async ({ write, id, real: { t } }) => {
    const token = write.token - ago;
    const finished = { step: name, result: { x_id: null, memo: {} }, attempt: { ...ATTEMPT, step: name } };
    const advanced = t.ledger.advance(t.pms, { job_id: id, token, finished });
    return [write.finished(token, name), await replyOf(advanced)];
  };
  return new Happening(
    `finished ${name}${ago ? ` by a token ${ago} back` : ''}`,
    index,
    deed,
    ({ steps }) => steps.get(name) === 'sent',
  );
});
const settling = fc.tuple(nth, fc.constantFrom(...ENDINGS), age).map(([index, ending, ago]) => {
  const deed: Deed = async ({ write, id, real: { t } }) => {
    const token = write.token - ago;
    const settled = t.ledger.settle(t.pms, { job_id: id, token, outcome: OUTCOMES[ending](id) });
    return [write.settle(token, ending), await replyOf(settled)];
  };
  return new Happening(`${ending}${ago ? ` by a token ${ago} back` : ''}`, index, deed, ({ token }) => token - ago > 0);
});
/** A worker that takes a write and does its work as far as to some ending, or to none: what random order alone rarely comes to. */
const working = fc.tuple(nth, fc.option(fc.constantFrom(...ENDINGS), { freq: 3 })).map(([index, ending]) => {
  const deed: Deed = async ({ write, id, real: { t } }) => {
    const { release, state } = write;
    const claimed = t.ledger.claim(t.pms, { job_id: id, release, worker: WORKERS[0] });
    const byModel = [write.claim(WORKERS[0], release)];
    const byLedger = [await replyOf(claimed, (claim) => claim === null)];
    const { token } = write;
    if (byModel[0] === 'done' && state === 'RELEASED') {
      const name = write.steps.get(STEPS[0]) === 'done' ? STEPS[1] : STEPS[0];
      byModel.push(write.sending(token, name));
      byLedger.push(await replyOf(t.ledger.advance(t.pms, { job_id: id, token, sending: { step: name, memo: {} } })));
    }
    if (byModel[0] === 'done' && ending !== null) {
      byModel.push(write.settle(token, ending));
      byLedger.push(await replyOf(t.ledger.settle(t.pms, { job_id: id, token, outcome: OUTCOMES[ending](id) })));
    }
    return [byModel.join(), byLedger.join()];
  };
  return new Happening(`is worked on${ending ? `: ${ending}` : ''}`, index, deed, isUnclaimed);
});
/** A worker wakes up that lost its claim to another, which is at work. */
const late = fc.tuple(nth, fc.constantFrom(...ENDINGS), step).map(([index, ending, name]) => {
  const deed: Deed = async ({ write, id, real: { t } }) => {
    const token = write.token - 1;
    const byModel = [write.sending(token, name), write.settle(token, ending)];
    const sent = await replyOf(t.ledger.advance(t.pms, { job_id: id, token, sending: { step: name, memo: {} } }));
    const settled = await replyOf(t.ledger.settle(t.pms, { job_id: id, token, outcome: OUTCOMES[ending](id) }));
    return [byModel.join(), [sent, settled].join()];
  };
  return new Happening(`wakes up late: ${ending}`, index, deed, ({ token, worker }) => token > 1 && worker !== null);
});
const blaming = fc.tuple(nth, age).map(([index, ago]) => {
  const deed: Deed = async ({ write, id, real: { t } }) => {
    const token = write.token - ago;
    const blamed = t.ledger.blame(t.pms, { job_id: id, token, how: 'exit 1' });
    return [write.blame(token), await replyOf(blamed)];
  };
  return new Happening(`ends its process${ago ? ` by a token ${ago} back` : ''}`, index, deed);
});
const deciding = fc.tuple(nth, fc.constantFrom('cancel', 'retry', 'succeeded', 'failed')).map(([index, what]) => {
  const deed: Deed = async ({ write, id, real: { t } }) => {
    const ask = { principal: customer(), job_id: id };
    if (what === 'cancel') return [write.cancel(), await replyOf(t.ledger.cancel(ask))];
    if (what === 'retry') return [write.retry(), await replyOf(t.ledger.retry(ask))];
    const outcome = what as 'succeeded' | 'failed';
    return [write.resolve(outcome), await replyOf(t.ledger.resolve({ ...ask, outcome, reason: 'seen' }))];
  };
  return new Happening(`a person says ${what}`, index, deed);
});
const gating = fc.constantFrom('hold', 'open', 'pause ends').map((what) => {
  const deed: Deed = async ({ model, real: { t, integrationId } }) => {
    if (what === 'pause ends') {
      await t.database.run(UNPAUSE, integrationId);
      await t.dispatcher.wakeAll();
      model.gate.isPaused = false;
      return;
    }
    await t.ledger.gate(integrationId, what === 'hold' ? 'held by hand' : null);
    model.gate.isHeld = what === 'hold';
    if (what === 'open') for (const write of model.writes) write.opened();
  };
  return new Happening(`gate: ${what}`, 0, deed);
});
/** The process dies before it commits: then nothing has happened. */
const dying = nth.map((index) => {
  const deed: Deed = async ({ id, real: { t } }) => {
    const dead = t.ledger.transact(async (session, consequences) => {
      await t.ledger.run(session, [{ job_id: id, decide: (job, _gate, at) => cancel(job, at) }], consequences);
      throw new Problem('conflict', 'died');
    });
    return ['refused', await replyOf(dead)];
  };
  return new Happening('dies before the commit', index, deed);
});

/** `maxCommands`: of one run. */
export const happenings = (maxCommands: number) =>
  fc.commands(
    [
      fc.constant(new Open()),
      working,
      working,
      working,
      working,
      claiming,
      claiming,
      sending,
      finishing,
      settling,
      settling,
      blaming,
      deciding,
      gating,
      dying,
      late,
      late,
      late,
      passing(
        'the lease ends',
        ['lease_until'],
        (write) => write.expire(),
        ({ worker }) => worker !== null,
      ),
      passing(
        'time to look',
        ['due_at'],
        (write) => write.look(false),
        ({ state }) => state === 'UNKNOWN',
      ),
      passing(
        'too late to look',
        ['due_at', 'settle_by'],
        (write) => write.look(true),
        ({ state }) => state === 'UNKNOWN',
      ),
      passing(
        'time to retry',
        ['due_at'],
        (write) => void (write.isReady = true),
        ({ state, isReady }) => state === 'RETRY_WAIT' && !isReady,
      ),
      passing('nobody claims', ['released_at'], (write) => write.unclaimed(), isUnclaimed),
      passing(
        'too old',
        ['deadline_at'],
        (write) => write.tooOld(),
        ({ state, worker }) => ['ACCEPTED', 'RETRY_WAIT', 'HELD'].includes(state) || (state === 'RELEASED' && worker === null),
      ),
    ],
    { maxCommands, size: 'max' },
  );
