import { describe, expect, it } from '@jest/globals';
import { afterSeen, recovering, type Circuit } from './outage.ts';

const HOST = { pms: 'acme', host: 'https://a.example', integration_id: '' };
const NOW = 1_000_000;
const trouble = (integration_id: string, troubles = 1) => ({ integration_id, troubles, answered: 0, reason: 'It is silent.' });
const answer = (answered = 1) => ({ integration_id: 'i1', troubles: 0, answered, reason: null });
const after = (circuit: Circuit | undefined, seen: Parameters<typeof afterSeen>[2], integrations = 3, now = NOW) =>
  afterSeen(HOST, circuit, seen, integrations, now);
const troubledBy = (...integrations: string[]): Circuit | undefined =>
  integrations.reduce<Circuit | undefined>((circuit, id) => after(circuit, trouble(id)), undefined);
const OPEN = troubledBy('i1', 'i2', 'i3', 'i1', 'i2');
const isOpen = (circuit: Circuit | undefined) => circuit?.open_since != null;

describe(afterSeen.name, () => {
  it('opens after five troubles in a row of three integrations', () => {
    expect(isOpen(troubledBy('i1', 'i2', 'i3', 'i1'))).toBe(false);
    expect(OPEN).toMatchObject({ open_since: NOW, reason: 'It is silent.' });
  });

  it('does not take the trouble of one integration among several for its host', () => {
    expect(isOpen(after(undefined, trouble('i1', 50)))).toBe(false);
    expect(isOpen(after(undefined, trouble('i1', 50), 1))).toBe(true);
  });

  it('begins anew after an answer, and after a quiet minute', () => {
    expect(after(troubledBy('i1', 'i2', 'i3', 'i1'), answer())).toBeUndefined();
    const later = after(troubledBy('i1', 'i2', 'i3', 'i1'), trouble('i2'), 3, NOW + 60_001);
    expect(later).toMatchObject({ open_since: null, troubles: 1 });
  });

  it('stays open whatever late answers say', () => {
    expect(isOpen(after(OPEN, answer(10)))).toBe(true);
  });

  it('recovers by doubling: 1, 2, 4 … until all is well', () => {
    let circuit: Circuit | undefined = recovering(OPEN as Circuit, NOW);
    const rooms: number[] = [];
    while (circuit) {
      rooms.push(circuit.room ?? 0);
      circuit = after(circuit, answer(circuit.room ?? 0));
    }
    expect(rooms).toEqual([1, 2, 4, 8, 16, 32]);
  });

  it('halves its room on trouble and grows by one a round from then on', () => {
    const grown = after(recovering(OPEN as Circuit, NOW), answer(15));
    const halved = after(grown, trouble('i1'));
    expect(halved).toMatchObject({ room: 8, open_since: null });
    expect(after(halved, answer(8))).toMatchObject({ room: 9 });
  });

  it('opens again after three troubles in a row while it recovers', () => {
    expect(isOpen(after(recovering(OPEN as Circuit, NOW), trouble('i1', 2)))).toBe(false);
    expect(isOpen(after(recovering(OPEN as Circuit, NOW), trouble('i1', 3)))).toBe(true);
  });
});
