/** test/QUALITY.md: what is demanded, which tests prove it, and what they last measured. Pure; quality.ts reads and writes the files. */
import type { Demand } from './codes.ts';

/** A test that carries codes. */
export interface Proof {
  readonly file: string;
  readonly codes: readonly string[];
  readonly title: string;
}

/** A text at whose head codes stand: `'S14, S16: …'`. */
const TITLE = /(['"`])([RS]\d{1,2}(?:, [RS]\d{1,2})*): ((?:\\.|(?!\1)[^\\\n])+)\1/g;

/** The tests in a source. */
export const proofsIn = (file: string, code: string): readonly Proof[] =>
  [...code.matchAll(TITLE)].map(([, , codes = '', title = '']) => ({
    file,
    codes: codes.split(', '),
    title: title.replace(/\\(.)/g, '$1'),
  }));

const FIGURE = '- measured: ';

/** The figures of a page, by code: what is kept when nothing newer was measured. */
export function figuresOn(page: string): ReadonlyMap<string, readonly string[]> {
  const sections = page.split(/^### /m).slice(1);
  return new Map(
    sections.map((section) => [
      section.slice(0, section.indexOf(' ')),
      section
        .split('\n')
        .filter((line) => line.startsWith(FIGURE))
        .map((line) => line.slice(FIGURE.length)),
    ]),
  );
}

/** The page without what a run measured: what must agree with the tests that exist. */
export const withoutFigures = (page: string): string =>
  page
    .split('\n')
    .filter((line) => !line.startsWith(FIGURE))
    .join('\n');

export function render(
  demands: readonly Demand[],
  proofs: readonly Proof[],
  figures: ReadonlyMap<string, readonly string[]>,
): string {
  const sections = demands.map(({ code, asks, because }) => {
    const own = proofs.filter(({ codes }) => codes.includes(code));
    const proven = own.map(({ file, title }) => `- [${file}](../${file}): ${title.replaceAll('|', '\\|')}`);
    const measured = own.length > 0 ? (figures.get(code) ?? []).map((text) => FIGURE + text) : [];
    const none = because === undefined ? [] : [`- no test: ${because}`];
    return [`### ${code} ${asks}`, '', ...proven, ...measured, ...none, ''].join('\n');
  });
  const open = demands.filter(({ because }) => because !== undefined).length;
  return `${HEAD}\n${demands.length - open} of ${demands.length} demands have tests.\n\n${sections.join('\n')}`;
}

const HEAD = `# What is proven

Written by \`npm run quality\` from [the demands](quality/codes.ts), the titles of the tests, and the figures that the last runs left. Figures are
those of the machine and of the hour.
`;
