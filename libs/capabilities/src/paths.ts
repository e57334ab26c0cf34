/**
 * Places inside a PMS's document, as the compiler sees them: `Address.City`, `Lines.0.Amount`. Four steps deep, which is as deep as any
 * declaration goes; a path that the PMS's type does not have is a compile error at the place where it is written.
 */
type Shallower = [never, 0, 1, 2, 3];
type Defined<T> = NonNullable<T>;

export type Path<T, Depth extends number = 4> = [Depth] extends [0 | never]
  ? never
  : Defined<T> extends readonly (infer Element)[]
    ? `${number}` | `${number}.${Path<Element, Shallower[Depth]>}`
    : Defined<T> extends object
      ? { [K in keyof Defined<T> & string]: K | `${K}.${Path<Defined<T>[K], Shallower[Depth]>}` }[keyof Defined<T> & string]
      : never;

type Child<T, K extends string> =
  Defined<T> extends readonly (infer Element)[] ? Element : K extends keyof Defined<T> ? Defined<T>[K] : never;

/** The type of what stands at a path. */
export type At<T, P extends string> = P extends `${infer Head}.${infer Rest}` ? At<Child<T, Head>, Rest> : Child<T, P>;

/** What stands at `path` in a document that was received; undefined when any step is missing. */
export function valueAt(document: unknown, path: string): unknown {
  let at: unknown = document;
  for (const step of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string, unknown>)[step];
  }
  return at;
}

/** Puts a value at `path`, making the objects and arrays on the way. Changes `document`. */
export function putAt(document: Record<string, unknown>, path: string, value: unknown): void {
  const steps = path.split('.');
  const last = steps.pop() as string;
  let at: Record<string, unknown> = document;
  steps.forEach((step, index) => {
    const next = at[step];
    if (typeof next === 'object' && next !== null) {
      at = next as Record<string, unknown>;
      return;
    }
    const made = /^\d+$/.test(steps[index + 1] ?? last) ? [] : {};
    at[step] = made;
    at = made as unknown as Record<string, unknown>;
  });
  at[last] = value;
}
