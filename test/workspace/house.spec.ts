/** What every app and library keeps, whoever wrote it: its project file, its imports, its size, its names. */
import { existsSync, readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, dirname } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { apps, filesIn, foldersIn, inRoot, isProduction, libraries, pmsFolders, read, readJson } from './repository.ts';

const LAYERS = ['layer:core', 'layer:catalog', 'layer:kit', 'layer:platform', 'layer:host', 'layer:tool'];
const KINDS_OF_APP = ['app:service', 'app:sender', 'app:worker', 'app:sandbox'];
const LINES_LIMIT = 300;
const ADR_LIMIT = 60;

/** Files that may have more code lines, and why. */
const LONG: Readonly<Record<string, string>> = {};

/** Words that say nothing about what a thing is for. */
const EMPTY_SUFFIX = /(?:Manager|Helper|Util|Utils|Data|Info|Base)$/;
/** Names in which such a word is one of the trade: Postgres calls its files data. */
const MEANT = ['NewData'];

interface ProjectFile {
  readonly name: string;
  readonly projectType: string;
  readonly sourceRoot: string;
  readonly tags: readonly string[];
  readonly targets: Readonly<Record<string, object>>;
}

interface PackageFile {
  readonly imports: Readonly<Record<string, { readonly source: string; readonly default: string }>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const manifest = readJson('package.json') as PackageFile;
const sources = [...filesIn('apps', '.ts'), ...filesIn('libs', '.ts')];

/** Names of the modules that a source imports, statically or not. */
const importsOf = (file: string): readonly string[] =>
  ts.preProcessFile(read(file)).importedFiles.map(({ fileName }) => fileName);

/** `#pms/x` -> the file that it means in the sources; undefined when no pattern of package.json fits. The longest prefix wins. */
function sourceOf(specifier: string): string | undefined {
  const fitting = Object.keys(manifest.imports)
    .filter((pattern) => specifier.startsWith(pattern.slice(0, -1)))
    .sort((one, other) => other.length - one.length)[0];
  return fitting && manifest.imports[fitting]?.source.replace('*', specifier.slice(fitting.length - 1));
}

const packageOf = (specifier: string): string => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
const isPackage = (specifier: string): boolean => !/^[.#]|^node:/.test(specifier) && !builtinModules.includes(specifier);

/** Lines that are neither blank nor only comment. */
function codeLines(code: string): number {
  const file = ts.createSourceFile('code.ts', code, ts.ScriptTarget.Latest, false);
  const lines = new Set<number>();
  const visit = (node: ts.Node): void => {
    lines.add(file.getLineAndCharacterOfPosition(node.getStart(file)).line);
    lines.add(file.getLineAndCharacterOfPosition(node.getEnd()).line);
    ts.forEachChild(node, visit);
  };
  file.statements.forEach(visit);
  return lines.size;
}

describe.each([...apps(), ...libraries()])('$folder', ({ name, folder }) => {
  const file = `${folder}/project.json`;

  it('has a project file under its own name, with one tag that says its place', () => {
    expect(existsSync(inRoot(file))).toBe(true);
    const project = readJson(file) as ProjectFile;
    const isApp = folder.startsWith('apps/');

    expect(project).toMatchObject({ name, projectType: isApp ? 'application' : 'library', sourceRoot: `${folder}/src` });
    expect(project.tags).toHaveLength(1);
    expect(isApp ? KINDS_OF_APP : LAYERS).toContain(project.tags[0]);
    expect(Object.keys(project.targets)).toEqual(expect.arrayContaining(isApp ? ['test', 'lint', 'serve'] : ['test', 'lint']));
  });

  it('has a door', () => {
    expect(existsSync(inRoot(folder, 'src', folder.startsWith('apps/') ? 'main.ts' : 'index.ts'))).toBe(true);
  });
});

describe('imports', () => {
  it('of libraries lead to a source', () => {
    const lost = sources.flatMap((file) =>
      importsOf(file)
        .filter((specifier) => specifier.startsWith('#'))
        .filter((specifier) => !existsSync(inRoot(sourceOf(specifier) ?? 'nowhere')))
        .map((specifier) => `${file}: ${specifier}`),
    );

    expect(sources.length).toBeGreaterThan(200);
    expect(lost).toEqual([]);
  });

  it('of packages are declared: those of production code as dependencies', () => {
    const { dependencies, devDependencies } = manifest;
    const undeclared = sources.flatMap((file) => {
      const isTool = !isProduction(file) || file.startsWith('libs/workspace/');
      const declared = { ...dependencies, ...(isTool ? devDependencies : {}) };
      return importsOf(file)
        .filter((specifier) => isPackage(specifier) && !Object.hasOwn(declared, packageOf(specifier)))
        .map((specifier) => `${file}: ${specifier}`);
    });

    expect(undeclared).toEqual([]);
  });

  it('bring a worker the library of its own PMS and of no other', () => {
    const workers = foldersIn('apps').filter((name) => name.startsWith('worker-'));
    const brought = workers.map((name) => [
      name,
      ...filesIn(`apps/${name}/src`, '.ts')
        .flatMap(importsOf)
        .filter((it) => it.startsWith('#pms/')),
    ]);

    expect(brought).toEqual(pmsFolders().map((pms) => [`worker-${pms}`, `#pms/${pms}`]));
  });
});

describe('a PMS library', () => {
  it.each(pmsFolders())('%s is called like the PMS in subjects and paths, hyphens apart', async (folder) => {
    const { pms } = (await import(`../../libs/pms/${folder}/src/index.ts`)) as { pms: { slug: string } };

    expect(pms.slug.replaceAll('-', '')).toBe(folder.replaceAll('-', ''));
  });
});

describe(codeLines.name, () => {
  it('counts neither blank lines nor comments', () => {
    expect(codeLines('/** One\n * two */\nconst x = {\n\n  // why\n  y: 1,\n};\n')).toBe(3);
  });
});

describe('a source file', () => {
  it(`has at most ${LINES_LIMIT} lines of code, or a reason`, () => {
    const long = sources.filter((file) => !file.includes('.generated.') && codeLines(read(file)) > LINES_LIMIT);

    expect(long.filter((file) => !LONG[file])).toEqual([]);
    expect(Object.keys(LONG).filter((file) => !long.includes(file))).toEqual([]);
  });

  it('declares no type under an empty name', () => {
    const empty = sources.flatMap((file) => {
      const declared = ts
        .createSourceFile(file, read(file), ts.ScriptTarget.Latest, false)
        .statements.flatMap((node) =>
          ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)
            ? (node.name?.text ?? [])
            : [],
        );
      return declared.filter((name) => EMPTY_SUFFIX.test(name) && !MEANT.includes(name)).map((name) => `${file}: ${name}`);
    });

    expect(empty).toEqual([]);
  });
});

describe('decision records', () => {
  const records = [...filesIn('apps', '.md'), ...filesIn('libs', '.md'), ...filesIn('docker', '.md')].filter((file) =>
    file.includes('/adr/'),
  );

  it.each(records)('%s is short and numbered', (file) => {
    expect(basename(file)).toMatch(/^\d{4}-[a-z0-9-]+\.md$/);
    expect(read(file).trimEnd().split('\n').length).toBeLessThanOrEqual(ADR_LIMIT);
    const number = basename(file).slice(0, 4);
    expect(readdirSync(inRoot(dirname(file))).filter((name) => name.startsWith(number))).toHaveLength(1);
  });
});
