/** Chance that can be repeated: the same seed gives the same draws in the same order. Not for secrets. */
export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number from `least` up to and including `most`. */
  between(least: number, most: number): number;
  /** @throws Error for an empty list */
  pick<T>(from: readonly T[]): T;
  chance(probability: number): boolean;
  /** A stream of its own, so that what one part of a run draws does not shift the draws of another. */
  fork(): Random;
}

/** A generator of the family mulberry32. `seed`: its lower 32 bits count. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    between,
    pick: (from) => {
      const [chosen] = from.slice(between(0, from.length - 1));
      if (chosen === undefined) throw new Error('Nothing to pick from.');
      return chosen;
    },
    chance: (probability) => next() < probability,
    fork: () => seeded(Math.floor(next() * 2 ** 32)),
  };
}
