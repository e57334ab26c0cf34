import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/**
 * The layers of the house (libs and apps carry the tag in their project.json). Nothing is allowed that is not named here:
 * there is no `*` rule, and `test/fixtures/must-fail-lint` proves that the rule bites.
 */
const layers = [
  { sourceTag: 'layer:core', onlyDependOnLibsWithTags: ['layer:core'] },
  { sourceTag: 'layer:catalog', onlyDependOnLibsWithTags: ['layer:core'] },
  { sourceTag: 'layer:kit', onlyDependOnLibsWithTags: ['layer:catalog', 'layer:core'] },
  { sourceTag: 'layer:platform', onlyDependOnLibsWithTags: ['layer:platform', 'layer:core'] },
  { sourceTag: 'app:service', onlyDependOnLibsWithTags: ['layer:platform', 'layer:core'] },
  { sourceTag: 'layer:host', onlyDependOnLibsWithTags: ['layer:platform', 'layer:kit', 'layer:core'] },
  { sourceTag: 'app:worker', onlyDependOnLibsWithTags: ['layer:host', 'layer:catalog'] },
  { sourceTag: 'app:sandbox', onlyDependOnLibsWithTags: ['layer:platform', 'layer:catalog', 'layer:core'] },
];

const importing = (patterns, message) => ({
  'no-restricted-imports': ['error', { patterns: [{ group: patterns, message }] }],
});

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
    files: ['libs/{problem,models,capabilities}/**/*.ts', 'libs/pms/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: importing(
      ['@nestjs/*', '@nats-io/*', '@mikro-orm/*', 'node:*', 'undici', 'pino'],
      'Core and catalog decide; they do no I/O and know no framework.',
    ),
  },
  {
    files: ['apps/{gateway,router,status,cache-sync}/**/*.ts', 'libs/{service-kit,messaging,persistence,problem,capabilities,adapter-kit,worker-host}/**/*.ts'],
    ignores: ['**/*.spec.ts', 'libs/service-kit/src/settings.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: 'The environment is read once, by service-kit (settings.ts).',
        },
      ],
    },
  },
);
