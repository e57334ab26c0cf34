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
 * pair), numbers that JavaScript would round, nesting deeper than 32, more than 10,000 values.
 * @throws Problem `invalid_request` that says where and why
 */
export function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw malformed('The body must be UTF-8.');
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw malformed('The body is not valid JSON.');
  }
  const issues: Issue[] = [];
  inspect(value, { path: [], issues, left: MAX_VALUES });
  if (issues.length > 0) throw Problem.invalid(issues);
  return value;
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
}

function inspect(value: unknown, walk: Walk): void {
  walk.left -= 1;
  if (walk.left < 0) throw malformed(`The body holds more than ${MAX_VALUES} values.`);
  if (typeof value === 'string') inspectText(value, walk);
  else if (typeof value === 'number') inspectNumber(value, walk);
  else if (Array.isArray(value)) value.forEach((entry, index) => descend(entry, index, walk));
  else if (isObject(value)) {
    for (const name of Object.keys(value)) {
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
