/** The repository as files: what the specs of this folder walk over. Reads the disk, changes nothing. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');
export const inRoot = (...parts: readonly string[]): string => join(root, ...parts);
export const read = (path: string): string => readFileSync(inRoot(path), 'utf8');
export const readJson = (path: string): unknown => JSON.parse(read(path));

/** Names of the folders in a folder, sorted. */
export const foldersIn = (path: string): readonly string[] =>
  readdirSync(inRoot(path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();

/** Every file below a folder that ends so, as a path from the root, sorted. */
export const filesIn = (path: string, ending: string): readonly string[] =>
  existsSync(inRoot(path))
    ? readdirSync(inRoot(path), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
        .map((entry) => relative(root, join(entry.parentPath, entry.name)))
        .filter((file) => !file.includes('node_modules/'))
        .sort()
    : [];

/** Apps and libraries, with the folder that holds their project.json. */
export interface Project {
  readonly name: string;
  readonly folder: string;
}

export const apps = (): readonly Project[] => foldersIn('apps').map((name) => ({ name, folder: `apps/${name}` }));

/** A folder of `libs` is a library, but `libs/pms` holds one in each of its folders. */
export const libraries = (): readonly Project[] => [
  ...foldersIn('libs')
    .filter((name) => name !== 'pms')
    .map((name) => ({ name, folder: `libs/${name}` })),
  ...pmsFolders().map((name) => ({ name: `pms-${name}`, folder: `libs/pms/${name}` })),
];

export const pmsFolders = (): readonly string[] => foldersIn('libs/pms');

/** Sources that run in production: no specs, no fixtures, nothing that only tests load. */
export const isProduction = (file: string): boolean => !/\.(spec|e2e-spec|fixture)\.ts$|\/testing\//.test(file);

/** The variables that a service reads, as settings.ts declares them. */
export const settingNames = (): readonly string[] =>
  [...read('libs/service-kit/src/settings.ts').matchAll(/^ {2}([A-Z][A-Z_]+)\??: (?:string|number)/gm)].map(
    ([, name]) => name ?? '',
  );
