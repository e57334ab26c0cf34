/**
 * Dates on Rent Manager's wire. Written by the server with an offset, accepted with or without one; a value without
 * an offset is a local wall clock, which the sandbox takes for UTC.
 */

const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;
const ISO_DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,7})?)?(Z|[+-]\d{2}:\d{2})?$/;
const OFFSET = /(Z|[+-]\d{2}:\d{2})$/;

/** A server's time stamp, e.g. `2026-04-29T19:56:15.120+00:00`. */
export function stampOf(now: Date): string {
  return now.toISOString().replace('Z', '+00:00');
}

/** How the server stores a date it was sent, or undefined when it is no date: `2026-09-01` -> `2026-09-01T00:00:00`. */
export function storedDate(sent: string): string | undefined {
  const whole = ISO_DATE.test(sent) ? `${sent}T00:00:00` : sent;
  return ISO_DATE_TIME.test(whole) && !Number.isNaN(instantMs(whole)) ? whole : undefined;
}

/** Milliseconds since the epoch; NaN when the text is no date. */
export function instantMs(value: string): number {
  if (ISO_DATE.test(value)) return Date.parse(`${value}T00:00:00Z`);
  return Date.parse(OFFSET.test(value) ? value : `${value}Z`);
}

/** Whether two stamps mean the same moment, to the precision of the one that was sent. */
export function sameInstant(sent: string, stored: string): boolean {
  const [sentMs, storedMs] = [instantMs(sent), instantMs(stored)];
  if (sent.includes('.')) return sentMs === storedMs;
  return Math.floor(sentMs / 1000) === Math.floor(storedMs / 1000);
}
