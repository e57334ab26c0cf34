/**
 * What may import what, and where the outside world may be touched. The rules below are proven by `test/workspace/layers.spec.ts`: each
 * of them refuses a file of `test/fixtures/must-fail-lint`.
 */
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

// The rule about layers reads Nx's graph from a cache, and without one it silently lets everything pass. So the graph is made first,
// unless Nx itself runs us and has just made it. The daemon would outlive the command.
if (!process.env.NX_TASK_TARGET_PROJECT) {
  process.env.NX_DAEMON ??= 'false';
  const { createProjectGraphAsync } = await import('@nx/devkit');
  await createProjectGraphAsync({ exitOnError: false });
}

/**
 * The layers of the house (libs and apps carry the tag in their project.json). Nothing is allowed that is not named here: there is no
 * `*` rule.
 */
const layers = [
  { sourceTag: 'layer:core', onlyDependOnLibsWithTags: ['layer:core'] },
  { sourceTag: 'layer:catalog', onlyDependOnLibsWithTags: ['layer:core'] },
  { sourceTag: 'layer:kit', onlyDependOnLibsWithTags: ['layer:catalog', 'layer:core'] },
  { sourceTag: 'layer:platform', onlyDependOnLibsWithTags: ['layer:platform', 'layer:core'] },
  { sourceTag: 'app:service', onlyDependOnLibsWithTags: ['layer:platform', 'layer:core'] },
  // A service that calls out by itself, and keeps the secrets for it.
  { sourceTag: 'app:sender', onlyDependOnLibsWithTags: ['layer:platform', 'layer:kit', 'layer:core'] },
  { sourceTag: 'layer:host', onlyDependOnLibsWithTags: ['layer:platform', 'layer:kit', 'layer:core'] },
  { sourceTag: 'app:worker', onlyDependOnLibsWithTags: ['layer:host', 'layer:catalog'] },
  { sourceTag: 'app:sandbox', onlyDependOnLibsWithTags: ['layer:platform', 'layer:catalog', 'layer:core'] },
  // Generators and other tools of the repository: they write code, they do not use it.
  { sourceTag: 'layer:tool', onlyDependOnLibsWithTags: ['layer:tool'] },
  // The tests of the whole, in `test/`.
  {
    sourceTag: 'layer:test',
    onlyDependOnLibsWithTags: ['layer:core', 'layer:catalog', 'layer:kit', 'layer:platform', 'layer:host', 'layer:tool'],
  },
];

const importing = (patterns, message) => ({
  'no-restricted-imports': ['error', { patterns: [{ group: patterns, message }] }],
});

const environment = 'The environment is read once, by service-kit (settings.ts).';

/** Ways in which what somebody sent could become code. */
const INJECTIONS = [
  {
    selector: "CallExpression[callee.name='raw'] > TemplateLiteral[expressions.length>0]",
    message: 'A value goes into SQL as a parameter, never into its text.',
  },
  {
    selector:
      "CallExpression[callee.object.name='Object'][callee.property.name='assign'] > :matches(Identifier[name=/^(body|payload|query|params|sent)$/], MemberExpression[property.name=/^(body|payload|query|params)$/])",
    message: 'What a caller sent is read name by name: assigning it whole lets it set what it must not.',
  },
];

export default tseslint.config(
  { ignores: ['dist', 'node_modules', '.latchkey', '.nx', 'test/fixtures/must-fail-lint', '**/wire/*.generated.ts'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': ['error', { enforceBuildableLibDependency: false, allow: [], depConstraints: layers }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      'max-lines': ['warn', { max: 300, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
    },
  },
  {
    files: ['apps/**/*.ts', 'libs/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/*.e2e-spec.ts', '**/testing/**'],
    rules: { 'no-restricted-syntax': ['error', ...INJECTIONS] },
  },
  {
    files: ['libs/{problem,models,capabilities}/**/*.ts', 'libs/pms/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: importing(
      ['@nestjs/*', '@nats-io/*', '@mikro-orm/*', 'node:*', 'undici', 'pino'],
      'Core and catalog decide; they do no I/O and know no framework.',
    ),
  },
  {
    files: ['apps/**/*.ts', 'libs/**/*.ts'],
    // Besides settings.ts: the sandbox stands alone, the local stack is what sets the environment of others.
    ignores: [
      '**/*.spec.ts',
      '**/*.e2e-spec.ts',
      '**/testing/**',
      'libs/service-kit/src/settings.ts',
      'apps/sandbox/src/main.ts',
      'libs/local-stack/**',
    ],
    rules: {
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: environment }],
      'no-restricted-syntax': [
        'error',
        ...INJECTIONS,
        {
          selector: "ImportDeclaration[source.value=/^(node:)?process$/] ImportSpecifier[imported.name='env']",
          message: environment,
        },
      ],
    },
  },
);
