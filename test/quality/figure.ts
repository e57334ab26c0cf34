/**
 * The tests by which Latchkey is judged have codes: R1 to R52 for reliability, S1 to S40 for security. A test that proves one (or a part of
 * one) carries the code at the head of its title (`it('S14: …')`) and leaves its measured figure here. `npm run quality` gathers the figures
 * of the last run into test/QUALITY.md.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../support/root.ts';
import type { Demand } from './codes.ts';

/** Where figures are kept between a run and the page; not committed. One line of JSON each. */
const FIGURES = join(root, '.latchkey/quality/figures.jsonl');

/**
 * @param text What was measured, in a few words with numbers: "0 doubled of 60 kills". The same words with other numbers are a later measurement
 *   of the same thing and replace it.
 */
export function figure(code: Demand['code'], text: string): void {
  mkdirSync(dirname(FIGURES), { recursive: true });
  appendFileSync(FIGURES, `${JSON.stringify({ code, text })}\n`);
}

/** The newest figures of each code, in the order in which they were first measured. */
export function figures(): ReadonlyMap<string, readonly string[]> {
  const lines = existsSync(FIGURES) ? readFileSync(FIGURES, 'utf8').split('\n').filter(Boolean) : [];
  return newest(lines.map((line) => JSON.parse(line) as Figure));
}

export interface Figure {
  readonly code: string;
  readonly text: string;
}

export function newest(all: readonly Figure[]): ReadonlyMap<string, readonly string[]> {
  const byCode = Map.groupBy(all, ({ code }) => code);
  return new Map(
    [...byCode].map(([code, measured]) => {
      const texts = new Map(measured.map(({ text }) => [text.replace(/\d[\d.,]*/g, '#'), text]));
      return [code, [...texts.values()]];
    }),
  );
}
