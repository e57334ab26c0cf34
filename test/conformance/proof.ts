/** What an answer proves, by the book: a complete 2xx that is empty or JSON. Written apart from the kit, which is held against it. */
import type { Answer } from './replay.ts';
import { parsed } from './spoiling.ts';

/** More than any answer of a PMS has; the kit reads no further. */
const MAX_BYTES = 10 * 1_024 * 1_024;

const textOf = ({ body }: Answer): string => body.toString('utf8').replace(/^\ufeff/, '');

export function isProof(answer: Answer): boolean {
  const { status, body, isCut, raw } = answer;
  if (raw) return false;
  // These have no body, whatever the PMS tried to send.
  if (status === 204) return true;
  if (isCut || status < 200 || status > 299 || body.length > MAX_BYTES) return false;
  const text = textOf(answer);
  return text.trim() === '' || parsed(text) !== undefined;
}

/** The document of an answer; undefined where there is none. */
export const told = (answer: Answer): unknown => (answer.raw || answer.status === 204 ? undefined : parsed(textOf(answer)));

/** What stands at a path of each document; undefined where nothing of the document's own does. */
export function valuesAt(documents: readonly unknown[], path: string): unknown[] {
  return documents.map((document) =>
    path
      .split('.')
      .reduce<unknown>(
        (at, key) => (typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? at[key as keyof typeof at] : undefined),
        document,
      ),
  );
}
