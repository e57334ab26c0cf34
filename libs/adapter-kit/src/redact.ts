/** What becomes of a text that must not be seen. */
const REDACTED = '[redacted]';
const MAX_LENGTH = 500;
/** More of a message is not looked at. */
const MAX_READ = 20_000;
/** Shorter values are words that occur everywhere. */
const MIN_SECRET = 3;

// Each of these looks at a text once, however hostile: a run of characters is entered at its beginning only.
const MARKUP = /<[^<>]*>/g;
const OPENED_TAG = /<(?=[a-z/!?])/gi;
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g;
const E_MAIL = /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+/gu;
/** Seven digits and more, as telephone numbers, tax ids, accounts and dates of birth have them. */
const LONG_NUMBER = /\d(?:[ ().-]{0,2}\d){6,}/g;

/**
 * A PMS's words made fit for a status: without the values that were sent, without e-mail addresses and long numbers, without markup or control
 * characters, and of at most 500 characters.
 */
export function redact(message: string, values: Readonly<Record<string, unknown>> = {}): string {
  return strike(
    message.slice(0, MAX_READ),
    Object.values(values).flatMap((value) => leaves(value)),
    message.length > MAX_READ,
  )
    .replace(MARKUP, ' ')
    .replace(OPENED_TAG, '< ')
    .replace(CONTROL_CHARACTERS, ' ')
    .replace(E_MAIL, REDACTED)
    .replace(LONG_NUMBER, REDACTED)
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_LENGTH);
}

/** A text without certain values, however they are written: as they are, in other case, or escaped as in a URL or in HTML. */
export function strike(text: string, secrets: readonly string[], cut = false): string {
  const forms = new Set(
    secrets.filter((secret) => secret.trim().length >= MIN_SECRET).flatMap((secret) => formsOf(secret.trim())),
  );
  const [longest] = [...forms].sort((one, other) => other.length - one.length);
  if (longest === undefined) return text;
  const lower = text.toLowerCase();
  const present = [...forms].filter((form) => lower.includes(form.toLowerCase())).sort((one, other) => other.length - one.length);
  // The end of a text that was cut may hold the beginning of a value.
  const whole = cut ? text.slice(0, -longest.length) : text;
  return present.length === 0 ? whole : whole.replace(new RegExp(present.map(escaped).join('|'), 'gi'), REDACTED);
}

function formsOf(secret: string): string[] {
  const inHtml = secret.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  const named = secret
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
  return [secret, inHtml, named, encodeURIComponent(secret.toWellFormed()), JSON.stringify(secret).slice(1, -1)];
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

function leaves(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leaves);
  return [];
}
