/**
 * `npx nx g ./libs/workspace:deployment`: writes `docker/workers/<pms>` anew for every worker, after the template has changed. A test
 * says when that is due.
 */
import { put, render, type Rendered } from './templates.ts';
import type { Tree } from './tree.ts';

const WORKER = 'worker-';
const SLUG = /^ {2}slug: '([^']+)'/m;

/**
 * How the worker of one PMS is run in containers.
 * @param slug the PMS in subjects and in the name of its queue; not always as its folder is called
 */
export const renderDeployment = (folder: string, slug: string, root: string): Promise<readonly Rendered[]> =>
  render('worker', { folder, slug, variable: `${WORKER}${folder}`.toUpperCase().replaceAll('-', '_') }, root);

export async function generateDeployments(tree: Tree): Promise<void> {
  const folders = tree
    .children('apps')
    .filter((name) => name.startsWith(WORKER))
    .map((name) => name.slice(WORKER.length));
  const files = await Promise.all(folders.map((folder) => renderDeployment(folder, slugIn(tree, folder), tree.root)));
  put(tree, files.flat(), { replace: true });
}

function slugIn(tree: Tree, folder: string): string {
  const file = `libs/pms/${folder}/src/index.ts`;
  const slug = SLUG.exec(tree.read(file, 'utf8') ?? '')?.[1];
  if (!slug) throw new Error(`${file} does not say the slug of its PMS.`);
  return slug;
}
