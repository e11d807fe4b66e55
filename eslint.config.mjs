// Lint: type-aware rules, and one import zone per area (src/ARCHITECTURE.md, Who may import whom).
import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** One zone: what files of an area may not import, each with the reason. */
const zone = (files, patterns) => ({
  files,
  rules: {
    'no-restricted-imports': [
      'error',
      { patterns: patterns.map(([group, message]) => ({ group, message })) },
    ],
  },
});

const sdk = ['@aws-sdk/*', 'apache-arrow', 'apache-arrow/*', 'parquet-wasm', 'parquet-wasm/*'];

export default tseslint.config(
  { ignores: ['dist', 'dist-test', '.cache', '.demo', 'test-output', 'test/fixtures', 'coverage'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/consistent-type-definitions': 'off', // JSON-safe views must be type aliases to match an index signature
      '@typescript-eslint/consistent-indexed-object-style': 'off', // a recursive type cannot be a Record of itself
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/prefer-nullish-coalescing': 'off', // an empty text falls back on purpose in several places
      '@typescript-eslint/require-await': 'off', // an interface may ask for a promise where one implementation needs none
      eqeqeq: 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
        { selector: 'ExportAllDeclaration', message: 'Import from where a thing lives.' },
      ],
    },
  },
  zone(
    ['src/engine/**'],
    [
      [
        ['**/storage/**', '**/service/**', '**/vscode/**', '**/cli/**', '**/protocol/**'],
        'The engine imports nothing outside its folder.',
      ],
      [['node:*', 'vscode', ...sdk], 'The engine is pure: it is handed an Engine value instead.'],
    ],
  ),
  zone(
    ['src/protocol/**'],
    [
      [
        ['../**', 'node:*', 'vscode', ...sdk],
        'The protocol is shared with pages: it imports nothing.',
      ],
    ],
  ),
  zone(
    ['src/storage/**'],
    [
      [['vscode'], 'Stores run in a worker, without the editor.'],
      [
        ['**/service/**', '**/vscode/**', '**/cli/**', '**/protocol/**'],
        'Storage sees the interfaces of the engine only.',
      ],
    ],
  ),
  {
    ...zone(
      ['src/service/**'],
      [
        [['vscode'], 'The service runs in a worker and in the command line, without the editor.'],
        [['**/vscode/**', '**/cli/**'], 'The service knows none of its callers.'],
        [['**/storage/**', ...sdk], 'Which stores exist is decided in composition roots.'],
      ],
    ),
    ignores: ['src/service/worker/workerMain.ts', 'src/service/localEngine.ts'],
  },
  zone(
    ['src/vscode/**'],
    [
      [
        ['**/storage/**', '**/engine/**', '**/cli/**', ...sdk],
        'The editor side talks to DeltaService only.',
      ],
    ],
  ),
  zone(
    ['src/cli/**'],
    [
      [['vscode', '**/vscode/**'], 'The command line has no editor.'],
      [['**/engine/**', ...sdk], 'The command line talks to DeltaService only.'],
    ],
  ),
  zone(
    ['webview/**'],
    [
      [
        ['node:*', 'vscode', '**/engine/**', '**/service/**', '**/storage/**', '**/src/vscode/**'],
        'Pages see src/protocol only.',
      ],
    ],
  ),
  {
    files: ['webview/**/*.ts'],
    ignores: ['webview/shared/controls.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: '@vscode/webview-ui-toolkit',
              message: 'Import controls from shared/controls.ts.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'process',
          'console',
          'URL',
          'Buffer',
          'setTimeout',
          'clearTimeout',
          'setInterval',
          'clearInterval',
          'fetch',
          'AbortController',
          'AbortSignal',
          'performance',
          'document',
          'window',
          'globalThis',
          'structuredClone',
          'TextDecoder',
          'TextEncoder',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
);
