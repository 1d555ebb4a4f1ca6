import { builtinModules } from 'node:module'
import { fileURLToPath } from 'node:url'
import js from '@eslint/js'
import tsdoc from 'eslint-plugin-tsdoc'
import tseslint from 'typescript-eslint'

// With --config, ESLint resolves every pattern below from the working directory: the repository.
const ROOT = fileURLToPath(new URL('..', import.meta.url))

const PACKAGE_SOURCES = ['packages/*/src/**/*.ts']

/** These run in browsers too. `src/platform/node-*.ts` is where the vault meets Node. */
const PORTABLE_SOURCES = [
  'packages/core/src/**/*.ts',
  'packages/storage/src/**/*.ts',
  'packages/storage-idb/src/**/*.ts',
  'packages/vault/src/**/*.ts',
]

export default tseslint.config(
  { ignores: ['**/dist/**', '**/site/**', '**/node_modules/**', 'docs/api/**', 'coverage/**'] },
  js.configs.recommended,
  {
    rules: {
      // Prettier breaks lines of code; comments and long conditions are for their authors to break.
      'max-len': [
        'error',
        {
          code: 100,
          ignoreUrls: true,
          ignoreStrings: true,
          ignoreTemplateLiterals: true,
        },
      ],
      eqeqeq: 'error',
      'object-shorthand': 'error',
    },
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        tsconfigRootDir: ROOT,
        project: [
          '{packages/*,examples/*,bench}/tsconfig.json',
          'examples/electron/{preload,renderer}/tsconfig.json',
          '.config/tsconfig.tests.json',
        ],
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      // Asks for the `!` that the strict rules forbid.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      // There are no enums here, and to look for them takes a tenth of the time.
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    files: PACKAGE_SOURCES,
    plugins: { tsdoc },
    rules: {
      'no-console': 'error',
      'tsdoc/syntax': 'error',
      'no-restricted-syntax': [
        'error',
        ...['right', 'right.property'].map((right) => ({
          selector: `BinaryExpression[operator="instanceof"][${right}.name=/(Error|Exception)$/]`,
          message: 'An error may be of another realm or another copy of its package: ask its code.',
        })),
      ],
    },
  },
  {
    files: PORTABLE_SOURCES,
    ignores: ['packages/vault/src/platform/node-*.ts'],
    rules: {
      'no-restricted-imports': ['error', { paths: builtinModules, patterns: ['node:*'] }],
    },
  },
)
