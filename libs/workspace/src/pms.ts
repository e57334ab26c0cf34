/**
 * `npx nx g ./libs/workspace:pms acme-living --vendor=ACMELIVING --title="Acme Living"`: a new PMS.
 *
 * Writes its library with one model as an example, its worker, and the worker's deployment; touches no file that exists. What it writes
 * compiles and passes its own tests, and is served by `nx serve worker-acme-living`. From there on the work is to say what the vendor's API really does.
 *
 * Fails before anything is written: on a name that can't be one, and when the PMS exists.
 */
import { renderDeployment } from './deployment.ts';
import { modelFields } from './model-fields.ts';
import { namesFrom, type PmsOptions } from './names.ts';
import { put, render, templatesOf } from './templates.ts';
import type { Tree } from './tree.ts';

/** The model that the example is about. */
const EXAMPLE_MODEL = 'libs/models/src/resident.model.ts';

/** The line that maps a field, in the template of the example. */
const MAPPED = /^ +(\w+): (?:write|read|refer)\(/gm;

export async function generatePms(tree: Tree, options: PmsOptions): Promise<void> {
  const names = namesFrom(options);
  const read = (path: string): string => {
    const text = tree.read(path, 'utf8');
    if (text === null) throw new Error(`${path} is missing: the example of a new PMS is made from it.`);
    return text;
  };
  const mapped = new Set(templatesOf('pms').flatMap(({ content }) => [...content.matchAll(MAPPED)].map(([, field]) => field)));
  const rest = modelFields(read, EXAMPLE_MODEL).filter((field) => !mapped.has(field));
  const values = { ...names, unmappedFields: rest.map((field) => `'${field}'`).join(', ') };
  const files = [...(await render('pms', values, tree.root)), ...(await renderDeployment(names.slug, names.slug, tree.root))];
  put(tree, files, { replace: false });
}
