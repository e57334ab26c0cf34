/**
 * `npx nx g ./libs/workspace:deployment`: writes `docker/workers/<pms>` anew for every worker, after the template has changed. A test
 * says when that is due.
 */
import { put, render, type Rendered } from './templates.ts';
import type { Tree } from './tree.ts';

const WORKER = 'worker-';

/** How the worker of one PMS is run in containers. */
export const renderDeployment = (slug: string, root: string): Promise<readonly Rendered[]> => render('worker', { slug }, root);

export async function generateDeployments(tree: Tree): Promise<void> {
  const slugs = tree
    .children('apps')
    .filter((name) => name.startsWith(WORKER))
    .map((name) => name.slice(WORKER.length));
  const files = await Promise.all(slugs.map((slug) => renderDeployment(slug, tree.root)));
  put(tree, files.flat(), { replace: true });
}
