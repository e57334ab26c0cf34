/**
 * A customer's program that keeps a journal, as it should: every write has a key of its own, and a request whose answer was lost or said
 * "later" is repeated with the same key until it is answered for good.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { apiAt, type Answer, type Loose } from '../support/api.ts';
import type { Asked } from './checker.ts';
import type { Random } from './random.ts';

/** A write to be asked for. */
export interface Wish {
  readonly method: 'POST' | 'PUT';
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly mark: string;
  readonly resource: string;
  /** The record, where it has an id already. */
  readonly record?: string;
  /** Where records of this kind are read. */
  readonly readAt: string;
}

/** An entry of the journal. */
export interface Entry extends Asked {
  readonly key: string;
  /** Status of each answer, in order; 0: none came. */
  readonly answers: readonly number[];
  /** Milliseconds until each answer. */
  readonly took: readonly number[];
  /** Where what an accepted create promised can be read. */
  readonly readAt?: string;
  /** Why it was refused. */
  readonly because?: string;
}

/** An answer that is late is given up; the repetition finds out. */
const PATIENCE_MS = 10_000;
const REPEAT_AFTER_MS = 150;
/** Answers after which the same request is sent again. 409: the first one is still being worked on. */
const LATER = [0, 409, 429, 500, 503];

export class Client {
  readonly journal: Entry[] = [];
  private readonly orders = new Map<string, number>();

  constructor(
    private readonly baseUrl: string,
    private readonly key: string,
    private readonly random: Random,
  ) {}

  /** A word that no other write has. */
  mark(): string {
    const half = (): string =>
      Math.floor(this.random.next() * 2 ** 32)
        .toString(16)
        .padStart(8, '0');
    return `M${half()}${half()}`;
  }

  /**
   * Asks until there is an answer for good, or until `until` says stop. Writes of one record must be asked one after the other.
   * @returns the record's id, or undefined when the write was not accepted
   */
  async write(wish: Wish, until: () => boolean): Promise<string | undefined> {
    const answers: number[] = [];
    const took: number[] = [];
    const jobs = new Set<string>();
    let record = wish.record;
    let status = 0;
    let because: string | undefined;
    do {
      if (answers.length > 0) await sleep(REPEAT_AFTER_MS);
      const askedAt = performance.now();
      const answer = await this.send(wish);
      took.push(Math.round(performance.now() - askedAt));
      status = answer?.status ?? 0;
      answers.push(status);
      because = answer?.body?.detail;
      if (status === 200) {
        jobs.add(answer?.body.job_id);
        record ??= answer?.body.data?.id;
      }
    } while (LATER.includes(status) && !until());
    // A lost answer may have been a 200: now and then a customer asks again for no reason at all.
    if (status === 200 && this.random.chance(0.1)) {
      const again = await this.send(wish);
      if (again?.status === 200) jobs.add(again.body.job_id);
    }
    const about = record ?? wish.mark;
    const order = (this.orders.get(about) ?? 0) + 1;
    this.orders.set(about, order);
    this.journal.push({
      mark: wish.mark,
      key: wish.mark,
      operation: wish.method === 'POST' ? 'create' : 'update',
      resource: wish.resource,
      record: about,
      order,
      jobs: [...jobs],
      refused: status >= 400 && !LATER.includes(status),
      answers,
      took,
      ...(wish.method === 'POST' && record !== undefined ? { readAt: wish.readAt + record } : {}),
      ...(status === 200 || because === undefined ? {} : { because }),
    });
    return status === 200 ? record : undefined;
  }

  /** One request, without repetition; undefined when no answer came. */
  get(path: string): Promise<Answer<Loose> | undefined> {
    return inTime(apiAt(this.baseUrl, this.key).get(path));
  }

  private send({ method, path, body, mark }: Wish): Promise<Answer<Loose> | undefined> {
    const headers = { 'content-type': 'application/json', 'idempotency-key': mark };
    return inTime(apiAt(this.baseUrl, this.key).raw(method, path, JSON.stringify(body), headers));
  }
}

async function inTime<T>(answer: Promise<T>): Promise<T | undefined> {
  const given = new AbortController();
  const late = sleep(PATIENCE_MS, undefined, { signal: given.signal }).catch(() => undefined);
  const result = await Promise.race([answer.catch(() => undefined), late]);
  given.abort();
  return result;
}
