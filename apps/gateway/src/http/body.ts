import { isUtf8 } from 'node:buffer';
import { pointerTo, Problem, type Issue } from '#problem';

/**
 * The largest body, in bytes. NATS carries at most 1 MiB, and a body travels on in messages that hold a little more than it.
 */
export const BODY_LIMIT = 900 * 1_024;

const MAX_DEPTH = 32;
const MAX_VALUES = 10_000;
/** No field has a longer name, and a refusal must be able to repeat it. */
const MAX_NAME_LENGTH = 200;
const ISSUES_AT_MOST = 100;
/** Names that could reach a prototype in careless code further on. No field is ever called so. */
const FORBIDDEN_NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Reads a JSON body. Refuses what later parts could not keep as it was sent: text that Postgres can't store (NUL, half of a surrogate
 * pair), numbers that JavaScript would round, members that stand twice, nesting deeper than 32, more than 10,000 values.
 * @throws Problem `invalid_request` that says where and why
 */
export function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw malformed('The body must be UTF-8.');
  const text = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed('The body is not valid JSON.');
  }
  const walk: Walk = { path: [], issues: [], left: MAX_VALUES, members: 0 };
  inspect(value, walk);
  if (walk.issues.length > 0) throw Problem.invalid(walk.issues);
  // Of two members of one name only the last is left, and whoever looked at the body before us may have gone by the first.
  if (walk.members !== membersIn(text)) throw malformed('A member of an object stands twice.');
  return value;
}

/** Refuses a compressed body: a small one may become a huge one. @throws Problem `unsupported_media_type` */
export function assertNotEncoded(encoding: string | undefined): void {
  if (encoding === undefined || encoding.toLowerCase() === 'identity') return;
  throw new Problem('unsupported_media_type', 'The body must be sent as it is, without Content-Encoding.');
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/** How many members the objects in a valid JSON text have: the colons outside of texts. */
function membersIn(text: string): number {
  let members = 0;
  let inText = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (inText && code === BACKSLASH) at += 1;
    else if (code === QUOTE) inText = !inText;
    else if (code === COLON && !inText) members += 1;
  }
  return members;
}

/** The body of a write: an object. */
export function objectBody(body: unknown): Readonly<Record<string, unknown>> {
  if (isObject(body)) return body;
  throw Problem.invalid([{ pointer: '', code: 'invalid_type', detail: 'The body must be a JSON object.' }]);
}

interface Walk {
  readonly path: (string | number)[];
  readonly issues: Issue[];
  left: number;
  /** Members of objects seen so far. */
  members: number;
}

function inspect(value: unknown, walk: Walk): void {
  walk.left -= 1;
  if (walk.left < 0) throw malformed(`The body holds more than ${MAX_VALUES} values.`);
  if (typeof value === 'string') inspectText(value, walk);
  else if (typeof value === 'number') inspectNumber(value, walk);
  else if (Array.isArray(value)) value.forEach((entry, index) => descend(entry, index, walk));
  else if (isObject(value)) {
    for (const name of Object.keys(value)) {
      walk.members += 1;
      if (FORBIDDEN_NAMES.has(name)) refuse(walk, `A member can't be called ${name}.`, name);
      else if (name.length > MAX_NAME_LENGTH) refuse(walk, `The name of a member has more than ${MAX_NAME_LENGTH} characters.`);
      else if (isStorable(name)) descend(value[name], name, walk);
      else refuse(walk, "The name of a member holds a character that can't be stored.");
    }
  }
}

function descend(value: unknown, step: string | number, walk: Walk): void {
  if (walk.path.length >= MAX_DEPTH) throw malformed(`The body is nested deeper than ${MAX_DEPTH} levels.`);
  walk.path.push(step);
  inspect(value, walk);
  walk.path.pop();
}

function inspectText(text: string, walk: Walk): void {
  if (!isStorable(text)) refuse(walk, "The text holds a NUL or half of a surrogate pair, which can't be stored.");
}

function inspectNumber(value: number, walk: Walk): void {
  const exact = Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
  if (!exact) refuse(walk, 'The number is too big to be kept exactly.');
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

function refuse({ path, issues }: Walk, detail: string, ...rest: string[]): void {
  if (issues.length >= ISSUES_AT_MOST) return;
  issues.push({ pointer: pointerTo(...path, ...rest), code: 'invalid_value', detail });
}

function malformed(detail: string): Problem {
  return Problem.invalid([{ pointer: '', code: 'invalid_value', detail }]);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
