/**
 * When something is due that is to happen again and again: by a rhythm, or within the slots of a week. Pure: what it is told is all it knows.
 *
 * A rhythm shorter than a minute counts as a minute, a month as thirty days. What was never read is due at once, whatever the week says: a new
 * integration is not to stay empty until Monday. Slots are on the clock of their time zone; where a clock is put forward or back, a slot of
 * that night begins with the first moment that the clock shows its start, or would have.
 */
import { WEEKDAYS, type Cadence, type Rhythm, type SyncSettings, type WeekSchedule } from '#messaging';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const CADENCE_MS: Readonly<Record<Cadence, number>> = {
  SECOND: 1_000,
  MINUTE: MINUTE_MS,
  HOUR: 60 * MINUTE_MS,
  DAY: DAY_MS,
  WEEK: 7 * DAY_MS,
  MONTH: 30 * DAY_MS,
};
/** A slot comes again after a week; a day more for the change of the clock. */
const DAYS_AHEAD = 8;

/** The pause that a rhythm means, in milliseconds. */
export function pauseOf({ sync_frequency, sync_cadence }: Rhythm): number {
  return Math.max(MINUTE_MS, sync_frequency * CADENCE_MS[sync_cadence]);
}

/** When it is due next, having last begun at `last`; null means that it never did. May lie in the past: then it is due now. */
export function nextDue(settings: SyncSettings, last: Date | null, now: Date): Date {
  if (last === null) return now;
  if (settings.week === null) return new Date(last.getTime() + pauseOf(settings));
  return firstSlot(settings.week, now, (rhythm) => last.getTime() + pauseOf(rhythm));
}

/** The first moment from `from` on at which syncs may begin. Without a week, that is `from`. */
export function firstOpening(settings: SyncSettings, from: Date): Date {
  return settings.week === null ? from : firstSlot(settings.week, from, () => from.getTime());
}

/** The first moment, not before `from`, that lies in a slot and not before what the slot's rhythm demands. */
function firstSlot(week: WeekSchedule, from: Date, earliest: (rhythm: Rhythm) => number): Date {
  const slots = Object.values(week.interval).flatMap((day) => day?.slots ?? []);
  // A week without slots is refused where it is made; should there be one, syncs go on at a gentle pace.
  if (slots.length === 0) return new Date(Math.max(from.getTime(), earliest({ sync_frequency: 12, sync_cadence: 'HOUR' })));
  const begin = Math.max(from.getTime(), Math.min(...slots.map(earliest)));
  const found = slotsFrom(week, begin).flatMap(({ start, end, rhythm }) => {
    const at = Math.max(from.getTime(), start, earliest(rhythm));
    return at < end ? [at] : [];
  });
  return new Date(Math.min(...(found.length > 0 ? found : [Math.max(...slots.map(earliest))])));
}

/** The slots of the days from the one before a moment, in their order. */
function slotsFrom({ timezone, interval }: WeekSchedule, moment: number) {
  const today = localDay(moment, timezone);
  return Array.from({ length: DAYS_AHEAD + 1 }, (_, nth) => today + (nth - 1) * DAY_MS).flatMap((day) => {
    const name = WEEKDAYS[new Date(day).getUTCDay()];
    const slots = (name && interval[name]?.slots) ?? [];
    return slots.map((slot) => ({
      start: momentOf(day + clockOf(slot.start), timezone),
      end: momentOf(day + clockOf(slot.end), timezone),
      rhythm: slot,
    }));
  });
}

/** `08:30` as milliseconds since midnight. */
function clockOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return (hours * 60 + minutes) * MINUTE_MS;
}

/** Midnight of the local day of a moment, as if it were UTC. */
function localDay(moment: number, timezone: string): number {
  const local = moment + offsetOf(moment, timezone);
  return local - (((local % DAY_MS) + DAY_MS) % DAY_MS);
}

/** The moment at which the clock of a zone shows `local`, which is written as if it were UTC. */
function momentOf(local: number, timezone: string): number {
  const guess = local - offsetOf(local, timezone);
  return local - offsetOf(guess, timezone);
}

/** By how much the clock of a zone is ahead of UTC, in milliseconds. */
function offsetOf(moment: number, timezone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(moment);
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  const shown = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return shown - Math.floor(moment / 1_000) * 1_000;
}
