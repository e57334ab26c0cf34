/** `npm run quality`: writes test/QUALITY.md anew. Figures that no run has measured again stay as they stand on the page. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEMANDS } from './codes.ts';
import { figures } from './figure.ts';
import { figuresOn, proofsIn, render, type Proof } from './page.ts';

export const PAGE = 'test/QUALITY.md';

/** Tests, and the programs that are tests by themselves. */
const PROVING = /^(apps|libs|test)\/.*\.(e2e-)?spec\.ts$|^test\/(torture|bench|security)\/.*\.ts$/;

export function proofs(root: string): readonly Proof[] {
  const files = ['apps', 'libs', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
  );
  return files
    .filter((file) => PROVING.test(file) && file !== 'test/workspace/quality.spec.ts')
    .sort()
    .flatMap((file) => proofsIn(file, readFileSync(join(root, file), 'utf8')));
}

/** The page as it should be now. */
export function page(root: string): string {
  const file = join(root, PAGE);
  const former = existsSync(file) ? figuresOn(readFileSync(file, 'utf8')) : new Map<string, readonly string[]>();
  return render(DEMANDS, proofs(root), new Map([...former, ...figures()]));
}

export const writePage = (root: string): void => writeFileSync(join(root, PAGE), page(root));
