/**
 * Files made from templates. A template is the file as it will be, under its own path in `templates/<kind>`, with `{{name}}` where a value goes
 * (`__name__` in its path) and `.template` at its end, so that nobody compiles it.
 *
 * Promises: what is written is formatted as the repository is. Fails: on a value that nobody gave, and on a file that is there already unless
 * it is to be replaced.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import prettier from 'prettier';
import type { Tree } from './tree.ts';

export type Values = Readonly<Record<string, string>>;

/** A file to be written. */
export interface Rendered {
  /** From the root of the repository. */
  readonly path: string;
  readonly content: string;
}

const TEMPLATES = join(import.meta.dirname, '../templates');
const ENDING = '.template';

/** The templates of one kind, unfilled. */
export function templatesOf(kind: string): readonly Rendered[] {
  const folder = join(TEMPLATES, kind);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ENDING))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({ path: relative(folder, file).slice(0, -ENDING.length), content: readFileSync(file, 'utf8') }));
}

/** Every template of a kind with its values in. */
export async function render(kind: string, values: Values, root: string): Promise<readonly Rendered[]> {
  const config = await prettier.resolveConfig(join(root, 'package.json'));
  return Promise.all(
    templatesOf(kind).map(async (template) => {
      const path = fill(template.path, /__(\w+)__/g, values);
      const content = fill(template.content, /\{\{(\w+)\}\}/g, values);
      return { path, content: await prettier.format(content, { ...config, filepath: path }) };
    }),
  );
}

/** Puts rendered files into the tree. */
export function put(tree: Tree, files: readonly Rendered[], options: { readonly replace: boolean }): void {
  const taken = files.find(({ path }) => tree.exists(path));
  if (taken && !options.replace) throw new Error(`${taken.path} exists already. Nothing was written.`);
  for (const { path, content } of files) tree.write(path, content);
}

function fill(text: string, pattern: RegExp, values: Values): string {
  return text.replace(pattern, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`A template asks for "${name}", which has no value.`);
    return value;
  });
}
