/**
 * What is wrong with one place of a payload. `pointer` is a JSON Pointer into the request body ('' is the body itself),
 * `detail` tells the caller what to do in words.
 */
export interface Issue {
  readonly pointer: string;
  /** The query parameter that is meant, where the fault is not in the body. */
  readonly parameter?: string;
  readonly code: IssueCode;
  readonly detail: string;
}

/** Why a field was refused. A program may switch on these; the words in `detail` are for people. */
export type IssueCode =
  /** No model has a field of this name. */
  | 'unknown_field'
  /** The model has the field, this PMS can't take it on this operation. */
  | 'unsupported_field'
  /** The PMS or Latchkey owns the value; callers can't set it. */
  | 'read_only_field'
  /** Needed on this operation, possibly because of another field that was sent. */
  | 'required'
  | 'invalid_type'
  | 'invalid_format'
  | 'invalid_enum_value'
  | 'too_short'
  | 'too_long'
  | 'too_small'
  | 'too_big'
  /** Two fields contradict each other. */
  | 'conflict'
  /** The id that the field names does not exist, or belongs to another integration. */
  | 'unknown_reference'
  /** Anything else that makes the value unusable. */
  | 'invalid_value';

/** The member of the published envelope's `details.issues` that an issue becomes: Zod's words, as its clients expect. */
export interface PublishedIssue {
  readonly code: string;
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly keys?: readonly string[];
}

const PUBLISHED_CODES: Partial<Record<IssueCode, string>> = {
  unknown_field: 'unrecognized_keys',
  unsupported_field: 'unrecognized_keys',
  read_only_field: 'unrecognized_keys',
  required: 'invalid_type',
  invalid_type: 'invalid_type',
  invalid_format: 'invalid_string',
  invalid_enum_value: 'invalid_enum_value',
  too_short: 'too_small',
  too_small: 'too_small',
  too_long: 'too_big',
  too_big: 'too_big',
};

/** Splits a JSON Pointer (RFC 6901) into its tokens; array indices come back as numbers. */
export function pointerTokens(pointer: string): (string | number)[] {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((token) => (/^(0|[1-9]\d*)$/.test(token) ? Number(token) : token));
}

/** Builds a JSON Pointer from tokens: `pointerTo('lines', 0, 'a/b')` is `/lines/0/a~1b`. */
export function pointerTo(...tokens: readonly (string | number)[]): string {
  return tokens.map((token) => `/${String(token).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/**
 * The issue in the words of the published envelope; an unrecognised key sits in `keys`, with the path of its parent. A
 * query parameter counts as a member of its own name.
 */
export function toPublishedIssue(issue: Issue): PublishedIssue {
  const code = PUBLISHED_CODES[issue.code] ?? 'custom';
  const path = issue.parameter === undefined ? pointerTokens(issue.pointer) : [issue.parameter];
  if (code !== 'unrecognized_keys') return { code, path, message: issue.detail };
  return { code, path: path.slice(0, -1), keys: path.slice(-1).map(String), message: issue.detail };
}
