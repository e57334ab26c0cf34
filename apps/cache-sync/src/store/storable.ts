/**
 * JSON as jsonb takes it: Postgres refuses NUL characters and halves of surrogate pairs, which PMSs do send. They are dropped or replaced,
 * because one bad character must not keep a whole page out of the cache.
 */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? storableText(part) : part));
}

/** The same for a single text, so that looking for a value finds what was stored for it. */
export function storableText(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}
