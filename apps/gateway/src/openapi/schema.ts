import type { Schema } from '#messaging';

export const listOf = (items: Schema): Schema => ({ type: 'array', items });

/** An object with exactly these members, all of them there but the optional ones. */
export function exactly(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required, additionalProperties: false };
}
