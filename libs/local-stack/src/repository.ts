/**
 * Where things are in this repository, whether the caller runs from `dist` or, under jest, from the sources.
 * Never depends on the working directory.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

const findRoot = (folder: string): string => (existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder)));

/** The folder that holds package.json. */
export const root = findRoot(import.meta.dirname);

/** An absolute path inside the repository. */
export const inRoot = (...parts: readonly string[]): string => join(root, ...parts);

/** An app's compiled program, for example `compiled('router', 'main')`. The file may not exist. */
export const compiled = (app: string, program: string): string => inRoot('dist', 'apps', app, 'src', `${program}.js`);

/** The state folder of `npm start`. */
export const defaultDirectory = inRoot('.latchkey');

/** Programs that were fetched for this repository (nats-server), shared by every stack of it. */
export const programsDirectory = inRoot('.latchkey', 'bin');
