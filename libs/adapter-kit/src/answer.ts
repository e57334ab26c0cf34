import type { Verdict } from '#capabilities';
import { scanned } from './scan.ts';

/** A body that is not the PMS's own. */
export const UNREADABLE = Symbol('unreadable');

/** Nobody reads more of what a PMS says about an error, and parsing it would take time from others. */
const MAX_ERROR_CHARACTERS = 256 * 1_024;

/** The JSON of an answer: undefined for an empty body. Takes well below 100 ms for whatever an answer may be. */
export function readAnswer(body: string, verdict: Verdict): unknown {
  if (verdict !== 'done' && body.length > MAX_ERROR_CHARACTERS) return UNREADABLE;
  if (body.trim() === '') return undefined;
  const document = scanned(body);
  if (document === undefined) return UNREADABLE;
  try {
    return JSON.parse(document) as unknown;
  } catch {
    return UNREADABLE;
  }
}

const MAX_ID_LENGTH = 128;
/** Control characters, and the mark of bytes that were no text. */
const NOT_IN_AN_ID = /[\u0000-\u001f\u007f\ufffd]/;

/**
 * A value of an answer as the id of a record, or null when it can't be one: an object, a number that JSON has rounded, 0 (which PMSs use for
 * "none"), an empty text.
 */
export function asRecordId(value: unknown): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? String(value) : null;
  if (typeof value !== 'string') return null;
  const text = value.trim();
  return text !== '' && text !== '0' && text.length <= MAX_ID_LENGTH && !NOT_IN_AN_ID.test(text) ? text : null;
}
