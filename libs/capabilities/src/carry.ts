import type { SchemaLookup } from './wire.ts';

/** A type without its nulls and question marks, all the way down: what matters is whether the same thing stands there. */
type Loose<T> = T extends readonly (infer Element)[]
  ? readonly Loose<Element>[]
  : T extends object
    ? { [K in keyof T]-?: Loose<NonNullable<T[K]>> }
    : NonNullable<T>;

/** Members of what is sent that can't be copied from what is read: another type there, or nothing of that name. */
export type Asymmetric<Read, Sent> = {
  [K in keyof Sent]-?: K extends keyof Read ? (Loose<NonNullable<Read[K]>> extends Loose<NonNullable<Sent[K]>> ? never : K) : K;
}[keyof Sent];

/**
 * How a record that was read becomes the document that replaces it. Members of the same name and type are copied; for each of the others the
 * compiler demands a conversion, so that a replacement loses nothing in silence.
 */
export function carryInto<Read extends object, Sent extends object>(
  schema: SchemaLookup,
  conversions: { readonly [K in Asymmetric<Read, Sent>]: (current: Read) => Sent[K] | null | undefined },
): (current: Read) => object {
  return (current) => ({
    ...schema.keep(current),
    ...Object.fromEntries(
      Object.entries(conversions).map(([name, convert]) => [name, (convert as (current: Read) => unknown)(current) ?? null]),
    ),
  });
}
