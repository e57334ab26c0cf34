import { describe, expect, it } from '@jest/globals';
import type { SyncSettings, SyncSlot, Weekday } from '#messaging';
import { firstOpening, nextDue, pauseOf } from './calendar.ts';

const NOW = new Date('2026-05-06T12:00:00Z'); // a Wednesday
const twice: SyncSettings = { sync_frequency: 12, sync_cadence: 'HOUR', week: null };
const slot = (start: string, end: string, sync_frequency = 1): SyncSlot => ({ start, end, sync_frequency, sync_cadence: 'HOUR' });
const weekly = (timezone: string, days: { readonly [Day in Weekday]?: readonly SyncSlot[] }): SyncSettings => ({
  ...twice,
  week: {
    type: 'WEEK_BASED',
    timezone,
    interval: Object.fromEntries(Object.entries(days).map(([day, slots]) => [day, { slots }])),
  },
});

describe(nextDue.name, () => {
  it('is at once for what was never read, even outside of all slots', () => {
    expect(nextDue(twice, null, NOW)).toEqual(NOW);
    expect(nextDue(weekly('UTC', { SUNDAY: [slot('01:00', '02:00')] }), null, NOW)).toEqual(NOW);
  });

  it.each([
    ['12 hours', { sync_frequency: 12, sync_cadence: 'HOUR' } as const, 12 * 3_600_000],
    ['2 days', { sync_frequency: 2, sync_cadence: 'DAY' } as const, 48 * 3_600_000],
    ['a month', { sync_frequency: 1, sync_cadence: 'MONTH' } as const, 30 * 24 * 3_600_000],
    ['a second, which counts as a minute', { sync_frequency: 1, sync_cadence: 'SECOND' } as const, 60_000],
  ])('counts from the last beginning: %s', (_, rhythm, ms) => {
    expect(pauseOf(rhythm)).toBe(ms);
    expect(nextDue({ ...rhythm, week: null }, NOW, NOW)).toEqual(new Date(NOW.getTime() + ms));
  });

  it.each([
    ['later on the same day', { WEDNESDAY: [slot('20:00', '22:00')] }, '2026-05-06T20:00:00Z'],
    ['in the slot that is open, after its rhythm', { WEDNESDAY: [slot('08:00', '18:00', 2)] }, '2026-05-06T13:00:00Z'],
    [
      'in the next slot, when this one ends before',
      { WEDNESDAY: [slot('08:00', '12:30', 2), slot('15:00', '16:00')] },
      '2026-05-06T15:00:00Z',
    ],
    ['on another day', { FRIDAY: [slot('03:00', '04:00')] }, '2026-05-08T03:00:00Z'],
    ['a week later, when it was just done', { WEDNESDAY: [slot('10:00', '11:30')] }, '2026-05-13T10:00:00Z'],
  ] as const)('keeps to the slots of a week: %s', (_, days, due) => {
    const last = new Date('2026-05-06T11:00:00Z');

    expect(nextDue(weekly('UTC', days), last, NOW)).toEqual(new Date(due));
  });

  it('reads slots on the clock of their zone, in summer and in winter', () => {
    const settings = weekly('America/New_York', { FRIDAY: [slot('20:00', '23:00')] });

    expect(nextDue(settings, NOW, NOW)).toEqual(new Date('2026-05-09T00:00:00Z'));
    const winter = new Date('2026-12-02T12:00:00Z');
    expect(nextDue(settings, winter, winter)).toEqual(new Date('2026-12-05T01:00:00Z'));
  });
});

describe(firstOpening.name, () => {
  it('waits for a slot where there is a week', () => {
    expect(firstOpening(twice, NOW)).toEqual(NOW);
    expect(firstOpening(weekly('UTC', { WEDNESDAY: [slot('08:00', '18:00')] }), NOW)).toEqual(NOW);
    expect(firstOpening(weekly('UTC', { THURSDAY: [slot('08:00', '18:00')] }), NOW)).toEqual(new Date('2026-05-07T08:00:00Z'));
  });
});
