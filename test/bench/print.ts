/** Plain tables on standard output: one heading, then rows as they become known, so that a run that is stopped has told what it knew. */

const FIRST = 44;
const OTHERS = 14;

export const say = (line = ''): void => void process.stdout.write(`${line}\n`);

/** A row under the last heading. */
export const row = (name: string, ...cells: readonly string[]): void =>
  say(`${name.padEnd(FIRST)}${cells.map((cell) => cell.padStart(OTHERS)).join('')}`);

export function heading(name: string, ...columns: readonly string[]): void {
  say();
  row(name, ...columns);
  say('-'.repeat(FIRST + OTHERS * columns.length));
}

/** A number as people read it: three digits at least, no more behind the point than they need. */
export const shown = (value: number): string =>
  Number.isFinite(value) ? value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2) : 'none';

/** How many times `part` is of `whole`, `none` when there is nothing to compare with. */
export const ratio = (part: number, whole: number): string => (whole > 0 ? (part / whole).toFixed(2) : 'none');
