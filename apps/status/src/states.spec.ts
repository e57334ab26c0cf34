import { describe, expect, it } from '@jest/globals';
import { STATES } from '#messaging';
import { assertTransition, checkStates, statesWhere, TRANSITIONS } from './states.ts';

describe(checkStates.name, () => {
  it('accepts the table that we live by', () => {
    expect(() => checkStates()).not.toThrow();
    expect(Object.keys(TRANSITIONS).sort()).toEqual([...STATES].sort());
  });

  it.each([
    [
      'an unknown state',
      { ...TRANSITIONS, ACCEPTED: { ...TRANSITIONS.ACCEPTED, LOST: 'oops' } },
      'leads to LOST, which is no state',
    ],
    ['a dead end', { ...TRANSITIONS, UNKNOWN: {} }, 'UNKNOWN is a dead end'],
    ['a state out of reach', { ...TRANSITIONS, RELEASED: { SENDING: '' }, SENDING: { FAILED: '' } }, "HELD can't be reached"],
    ['a way out of an end', { ...TRANSITIONS, SUCCEEDED: { ACCEPTED: 'again' } }, 'SUCCEEDED is an end but leads to ACCEPTED'],
  ])('refuses %s', (_, table, words) => {
    expect(() => checkStates(table)).toThrow(words);
  });
});

describe(assertTransition.name, () => {
  it.each([
    ['SUCCEEDED', 'ACCEPTED'],
    ['SENDING', 'CANCELLED'],
    ['UNKNOWN', 'RETRY_WAIT'],
    ['UNKNOWN', 'RELEASED'],
    ['NEEDS_REVIEW', 'ACCEPTED'],
  ] as const)('does not let a write go from %s to %s', (from, to) => {
    expect(() => assertTransition(from, to)).toThrow(`can't go from ${from} to ${to}`);
  });
});

describe(statesWhere.name, () => {
  it('knows which states end a write', () => {
    expect(statesWhere(({ phase }) => phase === 'ended')).toEqual([
      'SUCCEEDED',
      'PARTIAL',
      'FAILED',
      'NEEDS_REVIEW',
      'CANCELLED',
    ]);
  });
});
