/** Looking for values that must not be found, in whatever form they may have got there. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A value that must not be seen, under the name by which a test tells of it. */
export interface Canary {
  readonly name: string;
  readonly value: string;
}

/** The value as it is and as it may be written: reversed, in base64 (wherever it begins in what was encoded), hex, URL, JSON, HTML. */
export function formsOf(value: string): readonly string[] {
  const bytes = Buffer.from(value, 'utf8');
  const encoded = (['base64', 'base64url'] as const).flatMap((encoding) =>
    [0, 1, 2].map((before) => {
      const text = Buffer.concat([Buffer.alloc(before), bytes])
        .toString(encoding)
        .replace(/=+$/, '');
      // The first and the last characters depend on the neighbours.
      return text.slice(before === 0 ? 0 : before + 1, bytes.length % 3 === 0 && before === 0 ? undefined : -2);
    }),
  );
  const written = [
    value,
    value.toUpperCase(),
    [...value].reverse().join(''),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    encodeURIComponent(value),
    [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
    JSON.stringify(value).slice(1, -1),
    [...value].map((character) => `&#${character.charCodeAt(0)};`).join(''),
  ];
  return [...new Set([...written, ...encoded])].filter((form) => form.length >= 8);
}

/** Something that was looked through. */
export interface Place {
  readonly name: string;
  readonly content: string;
}

/** `canary in place`, for each that is found. */
export const sightings = (canaries: readonly Canary[], places: readonly Place[]): readonly string[] =>
  canaries.flatMap(({ name, value }) => {
    const forms = formsOf(value);
    return places
      .filter(({ content }) => forms.some((form) => content.includes(form)))
      .map((place) => `${name} in ${place.name}`);
  });

/** Every file below a folder, as text in which each byte is a character. */
export function filesBelow(folder: string, isWanted: (path: string) => boolean = () => true): readonly Place[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => isWanted(path) && statSync(join(folder, path), { throwIfNoEntry: false })?.isFile())
    .map((path) => ({ name: path, content: readFileSync(join(folder, path), 'latin1') }));
}
