/**
 * Every NATS subject of Latchkey is built here. Namespace first, ids last; a PMS is one token, so that a worker's rights are one
 * line per verb: worker-buildium may publish `latchkey.ledger.*.buildium` and hear `latchkey.pms.*.buildium`, nothing else.
 */
const NAMESPACE = 'latchkey';
const TOKEN = /^[A-Za-z0-9_-]{1,64}$/;

/** Joins tokens into a subject. Throws on any token that could be a wildcard, a second subject or a protocol line. */
export function subject(...tokens: readonly string[]): string {
  for (const token of tokens) {
    if (!TOKEN.test(token)) throw new Error(`Not a subject token: ${JSON.stringify(token.slice(0, 80))}`);
  }
  return [NAMESPACE, ...tokens].join('.');
}

/** A subject filter whose last tokens are open: `anyOf('job')` hears `latchkey.job.<anything>`. */
export function everythingUnder(...tokens: readonly string[]): string {
  return `${subject(...tokens)}.>`;
}
