/**
 * The router's part in a rotation of keys: every stored credential of a PMS is put under the active key by that PMS's worker, which alone holds
 * the keys. May be repeated at any time: what is under the key already is left alone, and what a customer changes meanwhile is not touched.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { resealCredentials, type MessageBus, type Reseal, type Resealed, type SealedAt } from '#messaging';
import { Problem } from '#problem';
import type { IntegrationsRepository } from './store/integrations.repository.ts';

/** How many were put under the key, and how many no key of the worker's ring opens. */
export interface ResealCount {
  readonly resealed: number;
  readonly unreadable: number;
}

const BATCH = 100;
/** A pass that changes nothing ends it; more than these would mean that somebody still seals with another key. */
const MAX_PASSES = 10;

/** How long a worker that does not answer, or has not read its new ring yet, is waited for: it may be in the middle of a restart. */
const PATIENCE_MS = 60_000;
const ASK_AGAIN_MS = 500;

type Store = Pick<IntegrationsRepository, 'sealedAfter' | 'reseal'>;

/**
 * @param patienceMs @default a minute
 * @throws Problem `unavailable` when for so long the worker does not answer, or does not have that key as its active one
 */
export async function resealAll(
  store: Store,
  bus: MessageBus,
  pms: string,
  key: string,
  patienceMs = PATIENCE_MS,
): Promise<ResealCount> {
  const ask: Ask = (items) => askPatiently(() => bus.request(resealCredentials, { key, items }, { pms }), patienceMs);
  let resealed = 0;
  for (let pass = 1; pass <= MAX_PASSES; pass += 1) {
    const { changed, unreadable } = await onePass(store, pms, ask);
    resealed += changed;
    if (changed === 0) return { resealed, unreadable };
  }
  throw new Error(`After ${MAX_PASSES} passes credentials of ${pms} are still being sealed with another key.`);
}

type Ask = (items: Reseal['items']) => Promise<Resealed>;

async function onePass(store: Store, pms: string, ask: Ask): Promise<{ changed: number; unreadable: number }> {
  let [changed, unreadable, after] = [0, 0, ''];
  for (;;) {
    const items = await store.sealedAfter(pms, after, BATCH);
    const last = items.at(-1);
    if (!last) return { changed, unreadable };
    after = last.integration_id;
    for (const [item, fields] of await renewed(ask, items)) {
      if (fields === null) unreadable += 1;
      else if (!isDeepStrictEqual(fields, item.fields) && (await store.reseal(item, fields))) changed += 1;
    }
  }
}

async function renewed(ask: Ask, items: Reseal['items']): Promise<[SealedAt, SealedAt['fields'] | null][]> {
  const answer = await ask(items);
  return items.map((item, index) => [item, answer[index] ?? null]);
}

/** Asking twice does no harm, so an answer that was lost is asked for again. */
async function askPatiently(ask: () => Promise<Resealed>, patienceMs: number): Promise<Resealed> {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (Problem.from(error).code !== 'unavailable' || performance.now() >= giveUpAt) throw error;
      await sleep(ASK_AGAIN_MS);
    }
  }
}
