/**
 * The router's part in a rotation of keys: every stored credential of a PMS is put under the active key by that PMS's worker, which alone holds
 * the keys. May be repeated at any time: what is under the key already is left alone, and what a customer changes meanwhile is not touched.
 */
import { isDeepStrictEqual } from 'node:util';
import { resealCredentials, type MessageBus, type Reseal, type SealedAt } from '#messaging';
import type { IntegrationsRepository } from './store/integrations.repository.ts';

/** How many were put under the key, and how many no key of the worker's ring opens. */
export interface ResealCount {
  readonly resealed: number;
  readonly unreadable: number;
}

const BATCH = 100;
/** A pass that changes nothing ends it; more than these would mean that somebody still seals with another key. */
const MAX_PASSES = 10;

type Store = Pick<IntegrationsRepository, 'sealedAfter' | 'reseal'>;

/** @throws Problem `unavailable` when the worker does not answer, or does not have that key as its active one yet */
export async function resealAll(store: Store, bus: MessageBus, pms: string, key: string): Promise<ResealCount> {
  let resealed = 0;
  for (let pass = 1; pass <= MAX_PASSES; pass += 1) {
    const { changed, unreadable } = await onePass(store, bus, pms, key);
    resealed += changed;
    if (changed === 0) return { resealed, unreadable };
  }
  throw new Error(`After ${MAX_PASSES} passes credentials of ${pms} are still being sealed with another key.`);
}

async function onePass(
  store: Store,
  bus: MessageBus,
  pms: string,
  key: string,
): Promise<{ changed: number; unreadable: number }> {
  let [changed, unreadable, after] = [0, 0, ''];
  for (;;) {
    const items = await store.sealedAfter(pms, after, BATCH);
    const last = items.at(-1);
    if (!last) return { changed, unreadable };
    after = last.integration_id;
    for (const [item, fields] of await renewed(bus, pms, { key, items })) {
      if (fields === null) unreadable += 1;
      else if (!isDeepStrictEqual(fields, item.fields) && (await store.reseal(item, fields))) changed += 1;
    }
  }
}

async function renewed(bus: MessageBus, pms: string, ask: Reseal): Promise<[SealedAt, SealedAt['fields'] | null][]> {
  const answer = await bus.request(resealCredentials, ask, { pms });
  return ask.items.map((item, index) => [item, answer[index] ?? null]);
}
