import { isObject } from '#administration';
import { CADENCES, WEEKDAYS, type Schema, type WeekSchedule } from '#messaging';
import type { Issue } from '#problem';

const FIELD = '/custom_sync_schedule';
/** As published. */
const TIME_ZONES: readonly string[] = [
  'UTC',
  'America/New_York',
  'America/Chicago',
  'America/Denver',
  'America/Phoenix',
  'America/Los_Angeles',
  'America/Anchorage',
  'Pacific/Honolulu',
];
const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;
/** More slots of a day than anybody means. */
const MAX_SLOTS = 48;
const SLOT_FIELDS: ReadonlySet<string> = new Set(['start', 'end', 'sync_frequency', 'sync_cadence']);

const exactly = (properties: Readonly<Record<string, Schema>>, required = Object.keys(properties)): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const clock: Schema = { type: 'string', pattern: CLOCK.source };
const slot = exactly({
  start: clock,
  end: clock,
  sync_frequency: { type: 'integer', minimum: 1, maximum: 10_000 },
  sync_cadence: { type: 'string', enum: [...CADENCES] },
});
const day = exactly({ slots: { type: 'array', items: slot, maxItems: MAX_SLOTS } });

/** The same rules for the description, but for what two values say together. */
export const WEEK_SCHEMA: Schema = {
  ...exactly({
    type: { type: 'string', enum: ['WEEK_BASED'] },
    timezone: { type: 'string', enum: [...TIME_ZONES] },
    interval: exactly(Object.fromEntries(WEEKDAYS.map((name) => [name, day])), []),
  }),
  type: ['object', 'null'],
};

/** What is said of the week: the new one, and whether it counts. */
interface SaidOfWeek {
  readonly use_custom_sync_schedule?: boolean | undefined;
  readonly custom_sync_schedule?: WeekSchedule | null | undefined;
}

/**
 * What is wrong with a week of syncs as it was sent: each fault by its place. Every slot must end after it starts, on the same day; a week that
 * counts must be there and have a slot.
 */
export function faultsOfWeek(sent: SaidOfWeek, before: SaidOfWeek = {}): Issue[] {
  const week: unknown = sent.custom_sync_schedule;
  const faults = week === undefined || week === null ? [] : faultsIn(week);
  const counts = sent.use_custom_sync_schedule ?? before.use_custom_sync_schedule ?? false;
  const kept = sent.custom_sync_schedule ?? before.custom_sync_schedule;
  if (faults.length > 0 || !counts) return faults;
  const slots = kept ? Object.values(kept.interval).flatMap((day) => day?.slots ?? []) : [];
  const detail = 'custom_sync_schedule must have at least one slot while use_custom_sync_schedule is true.';
  return slots.length > 0 ? [] : [{ pointer: FIELD, code: 'conflict', detail }];
}

function faultsIn(week: unknown): Issue[] {
  if (!isObject(week)) return [fault('', 'invalid_type', 'must be an object.')];
  const { type, timezone, interval, ...others } = week;
  const faults = unknownIn('', others);
  if (type !== 'WEEK_BASED') faults.push(fault('/type', 'invalid_enum_value', 'must be WEEK_BASED.'));
  if (!TIME_ZONES.some((known) => known === timezone))
    faults.push(fault('/timezone', 'invalid_enum_value', `must be one of ${TIME_ZONES.join(', ')}.`));
  if (!isObject(interval)) return [...faults, fault('/interval', 'required', 'must name the slots of the days.')];
  const { days, rest } = splitDays(interval);
  return [...faults, ...unknownIn('/interval', rest), ...days.flatMap(([name, day]) => faultsOfDay(`/interval/${name}`, day))];
}

function faultsOfDay(at: string, day: unknown): Issue[] {
  if (!isObject(day) || !Array.isArray(day.slots)) return [fault(`${at}/slots`, 'required', 'must be a list of slots.')];
  const { slots, ...others } = day as { slots: readonly unknown[] };
  if (slots.length > MAX_SLOTS) return [fault(`${at}/slots`, 'too_long', `must have at most ${MAX_SLOTS} slots.`)];
  return [...unknownIn(at, others), ...slots.flatMap((slot, nth) => faultsOfSlot(`${at}/slots/${nth}`, slot))];
}

function faultsOfSlot(at: string, slot: unknown): Issue[] {
  if (!isObject(slot)) return [fault(at, 'invalid_type', 'must be an object.')];
  const { start, end, sync_frequency: frequency, sync_cadence: cadence } = slot;
  const faults = unknownIn(at, Object.fromEntries(Object.entries(slot).filter(([name]) => !SLOT_FIELDS.has(name))));
  const isClock = (value: unknown): value is string => typeof value === 'string' && CLOCK.test(value);
  if (!isClock(start)) faults.push(fault(`${at}/start`, 'invalid_format', 'must be a time such as 08:30.'));
  if (!isClock(end)) faults.push(fault(`${at}/end`, 'invalid_format', 'must be a time such as 17:00.'));
  if (isClock(start) && isClock(end) && end <= start) faults.push(fault(`${at}/end`, 'conflict', 'must be after its start.'));
  if (!Number.isInteger(frequency) || Number(frequency) < 1 || Number(frequency) > 10_000)
    faults.push(fault(`${at}/sync_frequency`, 'invalid_value', 'must be an integer from 1 to 10000.'));
  if (!CADENCES.some((known) => known === cadence))
    faults.push(fault(`${at}/sync_cadence`, 'invalid_enum_value', `must be one of ${CADENCES.join(', ')}.`));
  return faults;
}

function splitDays(interval: Readonly<Record<string, unknown>>) {
  const isDay = ([name]: readonly [string, unknown]): boolean => WEEKDAYS.some((day) => day === name);
  const entries = Object.entries(interval);
  return { days: entries.filter(isDay), rest: Object.fromEntries(entries.filter((entry) => !isDay(entry))) };
}

const unknownIn = (at: string, others: Readonly<Record<string, unknown>>): Issue[] =>
  Object.keys(others).map((name) => fault(`${at}/${name.slice(0, 80)}`, 'unknown_field', 'is no part of a schedule.'));

function fault(at: string, code: Issue['code'], says: string): Issue {
  const pointer = `${FIELD}${at}`;
  return { pointer, code, detail: `${pointer.slice(1).replaceAll('/', '.')} ${says}` };
}
