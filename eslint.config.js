import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';
import { noDictionaryLookup } from './scripts/lint/no-dictionary-lookup.js';
import { SAMPLE_ZONES, zonesOf } from './scripts/lint/rooms.js';

/** What is not to be written in the functions, and what instead. */
const RESTRICTED = {
  namedZod: {
    selector:
      'ImportDeclaration[source.value="zod"][importKind!="type"] > :matches(ImportSpecifier, ImportDefaultSpecifier)',
    message:
      "Write import * as z from 'zod': by name it brings every language and twice the code with it.",
  },
  garbledIds: {
    selector: 'MemberExpression[object.name="event"][property.name=/^(params|document)$/]',
    message:
      'These ids arrive garbled: take them from the document, as triggers/firestore.ts does.',
  },
};

const MODULE_STATE = {
  variable: {
    selector: ':matches(Program, ExportNamedDeclaration) > VariableDeclaration[kind="let"]',
    message: 'Module state belongs in push.ts.',
  },
};

/** How import-x finds what an import means. */
const IMPORTS = {
  plugins: { 'import-x': importX },
  settings: {
    'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.js', '.json'] })],
    'import-x/extensions': ['.ts'],
    'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
  },
};

/** Which folders may not import from which. */
const restrictedPaths = (zones) => ['error', { zones, basePath: import.meta.dirname }];

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/',
      'functions/lib/',
      'kit/lib/',
      'coverage/',
      '.cache/',
      'examples/**/*.js',
      // Another team's project, with its own ways; its compiler checks it where it is installed.
      'test/install/team/',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.{ts,mts}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
    },
  },
  {
    // Only config.ts, and the command line where it begins, know the environment: everything else takes what it needs as arguments.
    files: ['kit/src/**/*.ts'],
    ignores: ['kit/src/config.ts', 'kit/src/cli/main.ts', '**/*.test.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Read the environment in config.ts only.' },
      ],
    },
  },
  {
    // The functions meet ids that people chose, and names that they made up.
    files: ['kit/src/**/*.ts'],
    // Tests look up what they put there themselves.
    ignores: ['**/*.test.ts', 'kit/src/testing/**'],
    plugins: { local: { rules: { 'no-dictionary-lookup': noDictionaryLookup } } },
    rules: {
      'no-restricted-syntax': ['error', ...Object.values(RESTRICTED)],
      'local/no-dictionary-lookup': 'error',
    },
  },
  {
    // What is made once an instance stands in push.ts: then nothing is shared that nobody sees.
    files: ['kit/src/**/*.ts'],
    ignores: ['kit/src/push.ts', '**/*.test.ts', 'kit/src/testing/**'],
    rules: {
      'no-restricted-syntax': ['error', ...Object.values({ ...RESTRICTED, ...MODULE_STATE })],
    },
  },
  {
    ...IMPORTS,
    files: ['**/*.{ts,mts}'],
    rules: { 'import-x/no-restricted-paths': restrictedPaths(SAMPLE_ZONES) },
  },
  {
    // The sample is written as any team's functions are.
    files: ['functions/src/**/*.ts', 'test/app/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '(^|/)kit(/|$)|^@firestore-push/push/(?!(lib|testing)$)',
              message:
                'Use the kit’s public API: @firestore-push/push, or its entries lib and testing.',
            },
          ],
        },
      ],
    },
  },
  {
    // One direction. (Circles are found by scripts/lint/circles.ts: the plugin's rule does not see those of types.)
    files: ['kit/src/**/*.ts'],
    ignores: ['**/*.test.ts', 'kit/src/testing/**'],
    rules: {
      'import-x/no-restricted-paths': restrictedPaths([...zonesOf('./kit/src'), ...SAMPLE_ZONES]),
    },
  },
  {
    // One file makes triggers on documents, so that nobody else sees the SDK's event.
    files: ['kit/src/**/*.ts'],
    ignores: ['kit/src/triggers/firestore.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: ['process', 'node:process'].map((name) => ({
            name,
            message: 'Read the environment in config.ts only; all else of `process` is global.',
          })),
          patterns: [
            {
              regex: '^firebase-functions/(v[12]/)?firestore$',
              message:
                'Make triggers by triggers/firestore.ts: ids in the SDK’s event arrive garbled.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.test.ts', 'kit/src/testing/**'],
    rules: {
      // `expect(mock.method)` does not call the method.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.js'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly' } },
  },
  prettier,
);
