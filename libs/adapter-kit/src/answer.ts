import type { Verdict } from '#capabilities';

/** A body that is not the PMS's own. */
export const UNREADABLE = Symbol('unreadable');

/** Nobody reads more of what a PMS says about an error, and parsing it would take time from others. */
const MAX_ERROR_CHARACTERS = 256 * 1_024;
/** What costs time in parsing is the number of values, not their size; a page of a thousand large records has a third of these. */
const MAX_VALUES = 250_000;
/** No record is nested like that. */
const MAX_DEPTH = 200;

/** The JSON of an answer: undefined for an empty body. Takes well below 100 ms for whatever an answer may be. */
export function readAnswer(body: string, verdict: Verdict): unknown {
  if (verdict !== 'done' && body.length > MAX_ERROR_CHARACTERS) return UNREADABLE;
  if (body.trim() === '') return undefined;
  if (isTooIntricate(body)) return UNREADABLE;
  try {
    return (MAY_OVERFLOW.test(body) ? JSON.parse(body, withoutInfinity) : JSON.parse(body)) as unknown;
  } catch {
    return UNREADABLE;
  }
}

/** Numbers that JavaScript can't hold become infinite, which is no JSON any more: whoever hands them on would hand on something else. */
const MAY_OVERFLOW = /[\d.][eE]\+?\d{3}|\d{309}/;
const withoutInfinity = (_key: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? null : value;

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Counts values and depth outside of texts, without building anything. A member counts twice: its name must be built too, which costs more. */
function isTooIntricate(body: string): boolean {
  let [values, depth, inText] = [0, 0, false];
  const isObject = new Uint8Array(MAX_DEPTH + 2);
  for (let index = 0; index < body.length; index += 1) {
    const code = body.charCodeAt(index);
    if (code === QUOTE) inText = !inText;
    else if (inText) index += code === BACKSLASH ? 1 : 0;
    else if (code === COMMA) values += isObject[Math.max(depth, 0)] ? 2 : 1;
    else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      values += 1;
      depth += 1;
      isObject[Math.max(depth, 0)] = code === OPEN_OBJECT ? 1 : 0;
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth -= 1;
    if (values > MAX_VALUES || depth > MAX_DEPTH) return true;
  }
  return false;
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
