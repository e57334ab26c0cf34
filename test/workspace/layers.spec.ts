/**
 * The rules of eslint.config.mjs bite: each file of `test/fixtures/must-fail-lint` names the place that it pretends to stand in and the rule
 * that must refuse it there, and nothing but that rule may complain.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

interface Message {
  readonly ruleId: string | null;
  readonly message: string;
  readonly severity: number;
}
interface Layer {
  readonly sourceTag: string;
  readonly onlyDependOnLibsWithTags: readonly string[];
}
interface Answer {
  readonly results: readonly { readonly messages: readonly Message[] }[];
  readonly config: { readonly rules: { readonly '@nx/enforce-module-boundaries': [number, { depConstraints: Layer[] }] } };
}

const root = resolve(import.meta.dirname, '../..');
const folder = join(root, 'test/fixtures/must-fail-lint');
const HEAD = /^\/\/ as: (?<as>\S+)\n\/\/ refused by: (?<rule>\S+) \((?<words>[^)]+)\)\n/;

const refused = readdirSync(folder).map((name) => {
  const code = readFileSync(join(folder, name), 'utf8');
  const { as = '', rule = '', words = '' } = HEAD.exec(code)?.groups ?? {};
  return { name, code, as, rule, words };
});
const ALLOWED = {
  as: 'apps/router/src/router.ts',
  code: "import { Problem } from '#problem';\n\nexport const gone = Problem.notFound;\n",
};

function lint(): Answer {
  const input = JSON.stringify({ texts: [...refused, ALLOWED], configOf: ALLOWED.as });
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'lint-texts.mjs')], {
    cwd: root,
    encoding: 'utf8',
    input,
    // Under jest, flags for the tests themselves would reach the child.
    env: { ...process.env, NODE_OPTIONS: '', NX_DAEMON: 'false' },
  });
  if (status !== 0) throw new Error(`ESLint ended with ${status}:\n${stderr}`);
  return JSON.parse(stdout.slice(stdout.indexOf('{"results"'))) as Answer;
}

const { results, config } = lint();
const layers = config.rules['@nx/enforce-module-boundaries'][1].depConstraints;

describe('a file that breaks a rule', () => {
  it.each(refused.map((fixture, index) => ({ ...fixture, messages: results[index]?.messages ?? [] })))(
    'is refused: $name by $rule',
    ({ as, rule, words, messages }) => {
      expect(existsSync(join(root, as))).toBe(true);
      expect(messages.map(({ ruleId }) => ruleId)).toEqual([rule]);
      expect(messages[0]).toMatchObject({ severity: 2, message: expect.stringContaining(words) });
    },
  );

  it('exists for each layer but those that may use everything or nothing', () => {
    const broken = new Set(refused.filter(({ rule }) => rule.startsWith('@nx/')).map(({ words }) => words));
    const needed = layers
      .map(({ sourceTag }) => sourceTag)
      .filter((tag) => !['app:sandbox', 'layer:tool', 'layer:test'].includes(tag));

    expect(needed.filter((tag) => !broken.has(tag))).toEqual([]);
  });
});

describe('a file that keeps the rules', () => {
  it('passes in a place where others fail', () => {
    expect(results.at(-1)?.messages).toEqual([]);
  });
});

describe('the layers', () => {
  it('have no rule for everybody and none that allows everything', () => {
    const tags = layers.flatMap(({ sourceTag, onlyDependOnLibsWithTags }) => [sourceTag, ...onlyDependOnLibsWithTags]);

    expect(tags.filter((tag) => tag.includes('*'))).toEqual([]);
    expect(new Set(layers.map(({ sourceTag }) => sourceTag)).size).toBe(layers.length);
  });

  it('let nobody depend on an app', () => {
    expect(
      layers.flatMap(({ onlyDependOnLibsWithTags }) => onlyDependOnLibsWithTags).filter((tag) => tag.startsWith('app:')),
    ).toEqual([]);
  });
});
