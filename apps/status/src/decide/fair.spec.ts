import { describe, expect, it } from '@jest/globals';
import { choose, type Busy, type Head } from './fair.ts';

const heads = (count: number, changes: Partial<Head> = {}): Head[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `${changes.integration_id ?? 'i'}-${changes.priority ?? 'interactive'}-${index + 1}`,
    lane: `${changes.integration_id ?? 'i'}-${changes.priority ?? 'interactive'}-${index + 1}`,
    integration_id: 'i',
    organization_id: 'o',
    host: null,
    priority: 'interactive',
    nth: index + 1,
    turn: 1,
    ...changes,
  }));
const idle: Busy = { byIntegration: new Map(), byOrganization: new Map(), byHost: new Map(), total: 0 };
const wide = { perIntegration: 100, perOrganization: 100, perPms: 100, bulkEvery: 10 };
const unlimited = () => Infinity;
const integrationsOf = (chosen: readonly Head[]) => chosen.map(({ integration_id }) => integration_id);

describe(choose.name, () => {
  it('lets every integration have its first before any has its second', () => {
    const all = [...heads(5, { integration_id: 'noisy', turn: 2 }), ...heads(2, { integration_id: 'quiet', turn: 1 })];

    const { chosen } = choose(all, idle, { ...wide, perPms: 4 }, unlimited, 0);

    expect(integrationsOf(chosen)).toEqual(['quiet', 'noisy', 'quiet', 'noisy']);
  });

  it('counts what is under way as turns that were had', () => {
    const all = [...heads(3, { integration_id: 'a', turn: 1 }), ...heads(3, { integration_id: 'b', turn: 2 })];
    const busy: Busy = { ...idle, byIntegration: new Map([['a', 2]]), total: 2 };

    expect(integrationsOf(choose(all, busy, { ...wide, perPms: 5 }, unlimited, 0).chosen)).toEqual(['b', 'b', 'a']);
  });

  it.each([
    { what: 'an integration', caps: { perIntegration: 2 }, most: 2 },
    { what: 'an organization', caps: { perOrganization: 3 }, most: 3 },
    { what: 'a PMS', caps: { perPms: 4 }, most: 4 },
  ])('keeps to the cap of $what', ({ caps, most }) => {
    expect(choose(heads(9), idle, { ...wide, ...caps }, unlimited, 0).chosen).toHaveLength(most);
  });

  it("lets one organization's many integrations take no more than its share", () => {
    const big = Array.from({ length: 9 }, (_, n) =>
      heads(1, { integration_id: `b${n}`, organization_id: 'big', turn: n }),
    ).flat();
    const small = heads(1, { integration_id: 's', organization_id: 'small', turn: 99 });

    const { chosen } = choose([...big, ...small], idle, { ...wide, perOrganization: 3, perPms: 4 }, unlimited, 0);

    expect(integrationsOf(chosen)).toEqual(['b0', 'b1', 'b2', 's']);
  });

  it('gives a host that recovers no more than it has room for', () => {
    const all = [...heads(5, { host: 'ill' }), ...heads(2, { integration_id: 'j', host: 'well' })];

    const { chosen } = choose(all, idle, wide, (host) => (host === 'ill' ? 1 : Infinity), 0);

    expect(chosen.map(({ host }) => host)).toEqual(['ill', 'well', 'well']);
  });

  it('lets interactive writes go first, and one bulk write in ten all the same', () => {
    const all = [...heads(40), ...heads(40, { integration_id: 'import', priority: 'bulk' })];

    const { chosen, sinceBulk } = choose(all, idle, { ...wide, perPms: 25 }, unlimited, 0);

    const bulk = chosen.flatMap(({ priority }, index) => (priority === 'bulk' ? [index] : []));
    expect(bulk).toEqual([9, 19]);
    expect(sinceBulk).toBe(5);
  });

  it('remembers the share of bulk writes where passes release one at a time', () => {
    let since = 0;
    const order: string[] = [];
    for (let pass = 0; pass < 20; pass += 1) {
      const all = [...heads(1), ...heads(1, { integration_id: 'import', priority: 'bulk' })];
      const { chosen, sinceBulk } = choose(all, idle, { ...wide, perPms: 1 }, unlimited, since);
      since = sinceBulk;
      order.push(chosen[0]?.priority ?? 'none');
    }
    expect(order.filter((priority) => priority === 'bulk')).toHaveLength(2);
  });

  it('gives bulk writes all the room that nobody else wants', () => {
    expect(choose(heads(30, { priority: 'bulk' }), idle, { ...wide, perIntegration: 30 }, unlimited, 0).chosen).toHaveLength(30);
  });

  it('never chooses two writes of one lane', () => {
    const all = [...heads(1), ...heads(1, { priority: 'bulk' })].map((head) => ({ ...head, lane: 'same' }));

    expect(choose(all, idle, wide, unlimited, 0).chosen).toHaveLength(1);
  });
});
