/**
 * A new PMS made by the generator is a PMS: in a copy of the repository it compiles, keeps the layers, passes its own tests and starts, and no
 * file that was there before has changed.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { modelFields, namesFrom } from '#workspace';
import { inRoot, read } from './repository.ts';

const COPIED = [
  'apps',
  'libs',
  'package.json',
  'project.json',
  'nx.json',
  'eslint.config.mjs',
  'jest.config.mjs',
  '.prettierrc.json',
  'tsconfig.json',
  'tsconfig.base.json',
  'tsconfig.build.json',
];
const SLOW_MS = 180_000;

const MADE = [
  'apps/worker-acme-living/project.json',
  'apps/worker-acme-living/src/main.ts',
  'docker/workers/acme-living/compose.yaml',
  'docker/workers/acme-living/kustomization.yaml',
  'docker/workers/acme-living/worker.yaml',
  'libs/pms/acme-living/project.json',
  'libs/pms/acme-living/src/acme-living.spec.ts',
  'libs/pms/acme-living/src/index.ts',
  'libs/pms/acme-living/src/residents.ts',
  'libs/pms/acme-living/src/wire.ts',
];

let copy = '';

interface Ended {
  readonly status: number | null;
  readonly output: string;
}

/** Runs a program of node_modules in the copy. */
function run(program: string, ...args: readonly string[]): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join('node_modules', program), ...args], {
    cwd: copy,
    encoding: 'utf8',
    env: { ...process.env, NX_DAEMON: 'false', NODE_OPTIONS: '--experimental-vm-modules', FORCE_COLOR: '0' },
  });
  return { status, output: stdout + stderr };
}

const generate = (...args: readonly string[]): Ended => run('nx/dist/bin/nx.js', 'generate', './libs/workspace:pms', ...args);

function files(folder: string): ReadonlyMap<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/\/(node_modules|\.nx|dist)\//.test(file));
  return new Map(entries.map((file) => [file.slice(folder.length + 1), readFileSync(file, 'utf8')]));
}

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'latchkey-generator-'));
  for (const path of COPIED) cpSync(inRoot(path), join(copy, path), { recursive: true });
  symlinkSync(inRoot('node_modules'), join(copy, 'node_modules'));
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe('nx generate ./libs/workspace:pms', () => {
  it(
    'writes a library, a worker and its deployment, and changes nothing else',
    () => {
      const before = files(copy);
      const { status, output } = generate('acme-living', '--title=Acme Living');

      expect([status, output]).toEqual([0, expect.stringContaining('CREATE')]);
      const after = files(copy);
      expect([...after.keys()].filter((file) => !before.has(file)).sort()).toEqual(MADE);
      expect([...before].filter(([file, content]) => after.get(file) !== content).map(([file]) => file)).toEqual([]);
      expect(after.get('libs/pms/acme-living/src/index.ts')).toContain("vendor: 'ACMELIVING'");
    },
    SLOW_MS,
  );

  it(
    'leaves alone what exists, and what can be no name',
    () => {
      expect(generate('acme-living')).toMatchObject({ status: 1, output: expect.stringContaining('exists already') });
      expect(generate('Acme_Living').status).toBe(1);
    },
    SLOW_MS,
  );
});

describe('a generated PMS', () => {
  it(
    'compiles, and its worker starts as far as its key ring',
    () => {
      const { output } = run('ts7/bin/tsc', '-p', 'tsconfig.build.json');
      expect(output.split('\n').filter((line) => line.includes('acme-living'))).toEqual([]);

      const { status, output: log } = run('../dist/apps/worker-acme-living/src/main.js');
      expect([status, log]).toEqual([1, expect.stringContaining('LATCHKEY_KEYRING is not set')]);
    },
    SLOW_MS,
  );

  it(
    'is formatted, and keeps the rules of its layer',
    () => {
      const code = MADE.filter((file) => file.endsWith('.ts'));

      expect(run('prettier/bin/prettier.cjs', '--check', ...MADE).output).toContain('All matched files');
      expect(run('eslint/bin/eslint.js', '--max-warnings=0', ...code)).toEqual({ status: 0, output: '' });
    },
    SLOW_MS,
  );

  it(
    'passes the tests that came with it',
    () => {
      const { status, output } = run('jest/bin/jest.js', 'libs/pms/acme-living');

      expect([status, output]).toEqual([0, expect.stringMatching(/Tests:\s+\d{2,} passed/)]);
    },
    SLOW_MS,
  );
});

describe(namesFrom.name, () => {
  it('fills in what follows from the name', () => {
    expect(namesFrom({ name: 'acme-living' })).toEqual({
      slug: 'acme-living',
      vendor: 'ACMELIVING',
      title: 'Acme Living',
      source: 'https://developer.acme-living.example',
    });
  });

  it.each([
    { name: 'Acme' },
    { name: 'acme living' },
    { name: '../acme' },
    { name: 'a'.repeat(41) },
    { name: 'acme', vendor: 'acme' },
    { name: 'acme', title: "Acme's" },
    { name: 'acme', source: 'nowhere' },
  ])('refuses %j', (options) => {
    expect(() => namesFrom(options)).toThrow(/is no |can have no/);
  });
});

describe(modelFields.name, () => {
  it('finds the fields of a model and of nothing else', () => {
    const fields = modelFields(read, 'libs/models/src/resident.model.ts');

    expect(fields.slice(0, 2)).toEqual(['first_name', 'middle_name']);
    expect(fields).not.toContain('integration_id');
    expect(fields).toContain('rent_due_day');
    expect(() => modelFields(() => 'export const x = 1;', 'x.ts')).toThrow('no model');
  });
});
