/** What the first pages say is so: every setting with its default, every link, every path and every script. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { STATES } from '#messaging';
import { apps, filesIn, inRoot, read, readJson, settingNames } from './repository.ts';

const pages = ['README.md', 'docker/README.md', ...filesIn('apps', 'README.md'), ...filesIn('libs', 'README.md')];
const readme = read('README.md');

/** `{ LOG_LEVEL: 'info' }`: variables and defaults of the table, '' where it names none. */
const told: Readonly<Record<string, string>> = Object.fromEntries(
  [...readme.matchAll(/^\| (`[A-Z_]+`(?:, `[A-Z_]+`)*) +\| (?:`([^`]*)`)? +\|/gm)].flatMap(([, names = '', value = '']) =>
    names.split(', ').map((name) => [name.replaceAll('`', ''), value] as const),
  ),
);

/** The same of settings.ts. */
const declared: Readonly<Record<string, string>> = Object.fromEntries(
  [...read('libs/service-kit/src/settings.ts').matchAll(/^ {2}([A-Z][A-Z_]+)\??: (?:string|number)(?: = (.+))?;/gm)].map(
    ([, name = '', value = '']) => [name, /^\d/.test(value) ? value.replaceAll('_', '') : value.replaceAll("'", '')],
  ),
);

describe('the README', () => {
  it('tells of every setting and its default', () => {
    expect(settingNames().length).toBeGreaterThan(10);
    expect(Object.fromEntries(settingNames().map((name) => [name, told[name]]))).toEqual(declared);
  });

  it('tells of no setting that is not read', () => {
    const variables = Object.keys(told).filter((name) => !['PENDING', 'SUCCESS', 'FAILURE', 'PARTIAL_SUCCESS'].includes(name));

    expect(variables.filter((name) => !settingNames().includes(name))).toEqual([]);
  });

  it('tells of every state of a write', () => {
    expect(STATES.filter((state) => !readme.includes(`\`${state}\``))).toEqual([]);
  });

  it('tells of every app', () => {
    const named = apps().map(({ name }) => (name.startsWith('worker-') ? 'worker-<pms>' : name));

    expect(named.filter((name) => !readme.includes(`| \`${name}\``))).toEqual([]);
  });

  it('shows npm scripts that exist', () => {
    const { scripts } = readJson('package.json') as { scripts: Record<string, string> };
    const shown = [...readme.matchAll(/npm (?:run )?([\w:]+\b)/g)].map(([, script = '']) => script);

    expect(shown).toContain('start');
    expect(shown.filter((script) => /^[a-z:]+$/.test(script) && !scripts[script] && script !== 'and')).toEqual([]);
  });
});

describe.each(pages)('%s', (page) => {
  it('links to what exists', () => {
    const links = [...read(page).matchAll(/\]\(([^)#:]+)\)/g)].map(([, target = '']) => target);

    expect(links.filter((target) => !existsSync(inRoot(join(dirname(page), target))))).toEqual([]);
  });
});
