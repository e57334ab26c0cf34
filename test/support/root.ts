import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The repository's root. Programs run from the compiled tree, tests from the sources: it is where the lock is. */
export const root: string = (() => {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package-lock.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
})();
