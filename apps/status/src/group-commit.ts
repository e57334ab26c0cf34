/**
 * Group commit: requests that arrive while a commit is under way share the next one. A commit waits for the disk, so its price is nearly
 * the same for one request and for two hundred; under load this multiplies what one disk can promise, and an idle service does not wait.
 *
 *   queued -> (a slot is free) committing -> answered
 *
 * A request is answered after COMMIT, or with Problem `unavailable` when that takes longer than `answerWithinMs`. A request that was
 * answered so before its batch began is never committed; one whose batch was under way may be: the answer says "unknown", not "no".
 * One bad request does not fail its batch: the batch is halved until the bad one stands alone.
 */
import { Problem } from '#problem';
import { meaningOf } from './store/database.ts';

export interface GroupCommitOptions {
  /** Requests in one transaction. @default 256 */
  readonly maxBatch?: number;
  /** Transactions at the same time. @default 2 */
  readonly maxInFlight?: number;
  /** Requests that wait for their transaction; more are refused at once. @default 10000 */
  readonly maxQueue?: number;
  /**
   * How long a batch that follows another at once waits for more requests, in milliseconds. An idle service does not wait. @default 0
   */
  readonly lingerMs?: number;
  /** @default 2000 */
  readonly answerWithinMs?: number;
  /** Hears of a failure that is a bug and not the database's absence. */
  readonly onRefused?: (error: unknown) => void;
}

/** What became of one request of a batch: its answer, or the Problem that it alone gets. */
export type Verdict<Answer> = { readonly answer: Answer } | { readonly problem: Problem };

interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly answer: (answer: Answer) => void;
  readonly fail: (problem: Problem) => void;
  answered: boolean;
}

/** After so many deadlocks in a row something is wrong that trying again won't heal. */
const MAX_TRIES = 5;

export class GroupCommit<Item, Answer> {
  private readonly queue: Waiting<Item, Answer>[] = [];
  private inFlight = 0;
  private scheduled = false;
  /** When a batch ended last, on a monotonic clock. */
  private lastEnd = Number.NEGATIVE_INFINITY;
  private idle: (() => void)[] = [];
  private readonly options: Required<GroupCommitOptions>;

  /** `commit` carries out a whole batch in one transaction and returns one verdict per item, in order. */
  constructor(
    private readonly commit: (items: readonly Item[]) => Promise<readonly Verdict<Answer>[]>,
    options: GroupCommitOptions = {},
  ) {
    this.options = {
      maxBatch: 256,
      maxInFlight: 2,
      maxQueue: 10_000,
      answerWithinMs: 2_000,
      lingerMs: 0,
      onRefused: () => {},
      ...options,
    };
  }

  submit(item: Item): Promise<Answer> {
    // What is over its time is first in line. Without this, a database that hangs for a minute would fill our memory.
    while (this.queue[0]?.answered) this.queue.shift();
    if (this.queue.length >= this.options.maxQueue) return Promise.reject(tooLate());
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => waiting.fail(tooLate()), this.options.answerWithinMs);
      const once = (settle: () => void) => {
        if (waiting.answered) return;
        waiting.answered = true;
        clearTimeout(timer);
        settle();
      };
      const waiting: Waiting<Item, Answer> = {
        item,
        answered: false,
        answer: (answer) => once(() => resolve(answer)),
        fail: (problem) => once(() => reject(problem)),
      };
      this.queue.push(waiting);
      this.schedule();
    });
  }

  /** Resolves when nothing is queued or under way. */
  async drain(): Promise<void> {
    if (this.inFlight === 0 && this.queue.length === 0) return;
    await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  /** One turn of the event loop later, so that what came in the same packet goes into the same batch. */
  private schedule(): void {
    if (this.scheduled || this.inFlight >= this.options.maxInFlight) return;
    this.scheduled = true;
    const start = (): void => {
      this.scheduled = false;
      this.start();
    };
    const wait = this.lastEnd + this.options.lingerMs - performance.now();
    if (wait > 0) setTimeout(start, wait);
    else setImmediate(start);
  }

  private start(): void {
    const batch: Waiting<Item, Answer>[] = [];
    while (batch.length < this.options.maxBatch) {
      const next = this.queue.shift();
      if (!next) break;
      if (!next.answered) batch.push(next);
    }
    if (batch.length > 0) {
      this.inFlight += 1;
      void this.run(batch).finally(() => {
        this.inFlight -= 1;
        this.lastEnd = performance.now();
        this.schedule();
      });
    }
    if (this.queue.length > 0) this.schedule();
    else if (this.inFlight === 0) for (const resolve of this.idle.splice(0)) resolve();
  }

  private async run(batch: readonly Waiting<Item, Answer>[], tries = 1): Promise<void> {
    try {
      const verdicts = await this.commit(batch.map(({ item }) => item));
      batch.forEach((waiting, at) => {
        const verdict = verdicts[at];
        if (verdict === undefined) waiting.fail(new Problem('internal', 'The request was left without an answer.'));
        else if ('problem' in verdict) waiting.fail(verdict.problem);
        else waiting.answer(verdict.answer);
      });
    } catch (error) {
      await this.recover(batch, error, tries);
    }
  }

  private async recover(batch: readonly Waiting<Item, Answer>[], error: unknown, tries: number): Promise<void> {
    const meaning = meaningOf(error);
    if (meaning === 'again' && tries < MAX_TRIES) return this.run(batch, tries + 1);
    if (meaning === 'refused' && batch.length > 1) {
      const middle = batch.length >> 1;
      await this.run(batch.slice(0, middle));
      return this.run(batch.slice(middle));
    }
    if (meaning === 'refused') this.options.onRefused(error);
    const problem = meaning === 'refused' ? Problem.from(error) : tooLate(error);
    for (const waiting of batch) waiting.fail(problem);
  }
}

const tooLate = (cause?: unknown): Problem =>
  Problem.unavailable(
    'The database does not answer. Repeat the request, with the same Idempotency-Key if there was one.',
    2,
    cause,
  );
