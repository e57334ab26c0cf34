/**
 * The tests by which Latchkey is judged have codes: R1 to R52 for reliability, S1 to S40 for security. A test that proves one (or a part of
 * one) carries the code at the head of its title (`it('S14: …')`) and leaves its measured figure here. `npm run quality` gathers the figures
 * of the last run into test/QUALITY.md.
 */
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where figures are kept between a run and the page; not committed. One line of JSON each, the last of an equal test counts. */
export const FIGURES = fileURLToPath(new URL('../../.latchkey/quality/figures.jsonl', import.meta.url));

/** @param text What was measured, in a few words with numbers: "0 doubled of 60 kills". */
export function figure(code: `${'R' | 'S'}${number}`, text: string): void {
  mkdirSync(join(FIGURES, '..'), { recursive: true });
  appendFileSync(FIGURES, `${JSON.stringify({ code, text })}\n`);
}
