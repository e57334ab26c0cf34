/**
 * A new PMS is one library and one app, a new model is one file. That holds only while nobody else knows any of them by name, so no name of a
 * PMS and none of a model may stand in the code of the services and of the libraries that serve all of them alike.
 *
 * What counts is code: identifiers and texts. Comments may give examples.
 */
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { filesIn, foldersIn, isProduction, pmsFolders, read } from './repository.ts';

const SERVICES = ['gateway', 'router', 'status', 'cache-sync', 'webhooks'];
/** Libraries that are about the models or about a PMS. */
const KNOWING = ['models', 'pms'];

/** What may be said nevertheless, and why: file -> words. */
const EXCEPTIONS: Readonly<Record<string, { readonly words: readonly string[]; readonly because: string }>> = {
  'libs/local-stack/src/provision.ts': {
    words: ['residents'],
    because:
      'It waits for the records of a model that every PMS has, and the first command that it shows must be about something.',
  },
};

/** Plain English besides: as identifiers they prove nothing, as texts they do only when they are a path of the API. */
const PLAIN_WORDS = new Set([
  'units',
  'properties',
  'vendors',
  'leads',
  'leases',
  'employees',
  'Unit',
  'Property',
  'Vendor',
  'Lead',
  'Lease',
  'Employee',
]);

const squeeze = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
const camel = (path: string): string => path.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

interface Model {
  readonly path: string;
  readonly className: string;
}

function modelIn(file: string): Model {
  const code = read(file);
  const path = /@Model\(\{\s*path: '([^']+)'/.exec(code)?.[1];
  const className = /export class (\w+) extends \w+Record/.exec(code)?.[1];
  if (!path || !className) throw new Error(`${file} declares no model that this spec understands`);
  return { path, className };
}

const pmsNames = pmsFolders();
const models = filesIn('libs/models/src', '.model.ts').map(modelIn);

interface Words {
  readonly identifiers: readonly string[];
  readonly texts: readonly string[];
}

function wordsIn(code: string): Words {
  const identifiers: string[] = [];
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) identifiers.push(node.text);
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) texts.push(node.text);
    if (ts.isRegularExpressionLiteral(node)) texts.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('code.ts', code, ts.ScriptTarget.Latest, false));
  return { identifiers, texts };
}

/** The names of PMSs and models that a piece of code says. */
function namesSaid(code: string): readonly string[] {
  const { identifiers, texts } = wordsIn(code);
  const said = new Set<string>();
  for (const word of [...identifiers, ...texts]) {
    for (const name of pmsNames) if (squeeze(word).includes(squeeze(name))) said.add(name);
  }
  for (const { path, className } of models) {
    const inPath = new RegExp(`(^|[/#])${path}(/|$)`);
    const isAlone = (text: string): boolean => text === path && !PLAIN_WORDS.has(path);
    if (texts.some((text) => isAlone(text) || (text !== path && inPath.test(text)))) said.add(path);
    const unmistakable = [camel(path), className].filter((word) => !PLAIN_WORDS.has(word));
    for (const word of unmistakable) if (identifiers.includes(word)) said.add(word);
  }
  if (texts.some((text) => text.startsWith('#models/'))) said.add('#models/');
  return [...said];
}

const scanned = [
  ...SERVICES.map((name) => `apps/${name}/src`),
  ...foldersIn('libs')
    .filter((name) => !KNOWING.includes(name))
    .map((name) => `libs/${name}/src`),
]
  .flatMap((folder) => filesIn(folder, '.ts'))
  .filter(isProduction);

describe(namesSaid.name, () => {
  const [pms = ''] = pmsNames;

  it.each([
    [`const x = '${pms}';`, [pms]],
    [`const x = '${pms.toUpperCase()}';`, [pms]],
    [`const only${pms.charAt(0).toUpperCase()}${pms.slice(1)} = true;`, [pms]],
    [`import { pms } from '#pms/${pms}';`, [pms]],
    ["if (model.path === 'residents') done();", ['residents']],
    ['const url = `/v1/units/${id}`;', ['units']],
    ["import { Resident } from '#models/resident';", ['Resident', '#models/']],
    ['class ServiceRequest {}', ['ServiceRequest']],
    ['const units = 3; const { vendors, properties } = table;', []],
    [`/** ${pms} calls residents tenants. */ export const x = 1;`, []],
  ])('finds in %j: %j', (code, names) => {
    expect([...namesSaid(code)].sort()).toEqual([...names].sort());
  });
});

describe('services and libraries for every PMS and model', () => {
  it('are scanned, and so are their names', () => {
    expect(scanned.length).toBeGreaterThan(80);
    expect(pmsNames.length).toBeGreaterThan(0);
    expect(models.length).toBeGreaterThan(20);
  });

  it('name none of them', () => {
    const offences = scanned.flatMap((file) =>
      namesSaid(read(file))
        .filter((name) => !EXCEPTIONS[file]?.words.includes(name))
        .map((name) => `${file} says ${name}`),
    );

    expect(offences).toEqual([]);
  });

  it('have no exception that is not needed', () => {
    const idle = Object.entries(EXCEPTIONS).flatMap(([file, { words }]) => {
      const said = scanned.includes(file) ? namesSaid(read(file)) : [];
      return words.filter((word) => !said.includes(word)).map((word) => `${file} need not say ${word}`);
    });

    expect(idle).toEqual([]);
  });
});
