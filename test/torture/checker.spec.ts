import { describe, expect, it } from '@jest/globals';
import { check, COUNTERS, type Account, type Asked, type Happened } from './checker.ts';

const mark = (number: number): string => `M${String(number).padStart(16, '0')}`;

const asked = (number: number, changes: Partial<Asked> = {}): Asked => ({
  mark: mark(number),
  operation: 'update',
  resource: 'Tenants',
  record: 'r1',
  order: number,
  jobs: [`job${number}`],
  refused: false,
  ...changes,
});
const happened = (seq: number, number: number, changes: Partial<Happened> = {}): Happened => ({
  seq,
  resource: 'Tenants',
  action: 'update',
  sent: { Comment: mark(number), Other: 'x' },
  ...changes,
});
const told = (number: number, state: Account['told'][number]['state']) => ({ job: `job${number}`, state });
const account = (changes: Partial<Account>): Account => ({ asked: [], told: [], happened: [], trespasses: [], ...changes });
const none = Object.fromEntries(COUNTERS.map((counter) => [counter, 0]));

describe('what a run proves', () => {
  it('is nothing against a history in which all is well', () => {
    const verdict = check(
      account({
        asked: [
          asked(1),
          asked(2),
          asked(3, { operation: 'create', record: 'r2' }),
          asked(4),
          asked(5, { jobs: [], refused: true }),
          asked(6),
        ],
        told: [told(1, 'succeeded'), told(2, 'failed'), told(3, 'succeeded'), told(4, 'in_review'), told(6, 'succeeded')],
        happened: [
          happened(1, 1),
          happened(2, 3, { action: 'create' }),
          // A later change sends the rest of the record along.
          happened(3, 3, { action: 'update' }),
          happened(4, 4),
          happened(5, 6),
        ],
      }),
    );

    expect(verdict).toEqual({ counters: none, findings: [], unended: [] });
  });

  const bad: readonly [string, Partial<Account>, string][] = [
    ['lost', { asked: [asked(1)], told: [told(1, 'unknown')] }, mark(1)],
    ['lost', { asked: [asked(1)] }, mark(1)],
    ['doubled', { asked: [asked(1)], told: [told(1, 'succeeded')], happened: [happened(1, 1), happened(2, 1)] }, mark(1)],
    [
      'doubled',
      {
        asked: [asked(1, { jobs: ['job1', 'job2'] })],
        told: [told(1, 'succeeded'), told(2, 'succeeded')],
        happened: [happened(1, 1)],
      },
      mark(1),
    ],
    [
      'out of order',
      {
        asked: [asked(1), asked(2)],
        told: [told(1, 'succeeded'), told(2, 'succeeded')],
        happened: [happened(1, 2), happened(2, 1)],
      },
      mark(2),
    ],
    ['false success', { asked: [asked(1)], told: [told(1, 'succeeded')] }, mark(1)],
    ['false failure', { asked: [asked(1)], told: [told(1, 'failed')], happened: [happened(1, 1)] }, mark(1)],
    ['false failure', { asked: [asked(1, { jobs: [], refused: true })], happened: [happened(1, 1)] }, mark(1)],
    ['cross-tenant', { trespasses: ['saw a job'] }, 'saw a job'],
  ];

  it.each(bad)('counts as %s: %#', (counter, changes, about) => {
    const verdict = check(account(changes));

    expect(verdict.counters).toEqual({ ...none, [counter]: 1 });
    expect(verdict.findings).toEqual([{ counter, about }]);
  });

  it('names what has not ended', () => {
    expect(check(account({ asked: [asked(1)], told: [told(1, 'pending')] }))).toMatchObject({
      counters: none,
      unended: ['job1'],
    });
  });
});
