const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const MOMENT = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]([01]\d|2[0-3]):?[0-5]\d)?$/;

function isDay(text: string): boolean {
  const [, year, month, day] = DAY.exec(text) ?? [];
  if (!year) return false;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  // 2026-02-30 would roll over into March.
  return date.getUTCMonth() + 1 === Number(month) && date.getUTCDate() === Number(day) && Number(year) >= 1;
}

/** `YYYY-MM-DD`, or a date-time whose time part is to be dropped; days that do not exist are refused. */
export function isCalendarDate(value: unknown): boolean {
  return typeof value === 'string' && (isDay(value) || isMoment(value));
}

/** An ISO 8601 date-time, or a bare date. Without an offset it counts as UTC. */
export function isInstant(value: unknown): boolean {
  return isCalendarDate(value);
}

function isMoment(text: string): boolean {
  const day = MOMENT.exec(text)?.[1];
  return day !== undefined && isDay(day);
}
