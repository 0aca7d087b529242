import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import typescript from 'typescript-eslint';

const everyLibrary = 'contracts rpc telemetry sync async parallel registry plans'.split(' ');

/** Who may import whom: each layer, and the layers that it may use. Docs: CONTRIBUTING.md. */
const layers = {
  contracts: [],
  testing: ['contracts', 'rpc'],
  sqlite: [],
  parallel: [],
  rpc: ['contracts'],
  telemetry: ['contracts', 'rpc'],
  sync: ['contracts', 'rpc'],
  async: ['contracts', 'rpc', 'sqlite', 'sync'],
  registry: ['contracts', 'rpc', 'sync'],
  plans: ['contracts', 'rpc', 'parallel', 'registry'],
  app: [...everyLibrary, 'sqlite'],
  tool: [...everyLibrary, 'tool'],
  e2e: [...everyLibrary, 'tool'],
};

export default typescript.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '.nx/**',
      'libs/contracts/src/gen/**',
      'proto/.deps/**',
    ],
  },
  js.configs.recommended,
  ...typescript.configs.recommended,
  {
    files: ['**/*.ts'],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          // On a server, loading late is a matter of one process, and no bundle to keep small.
          checkDynamicDependenciesExceptions: ['@trivium/.*'],
          depConstraints: Object.entries(layers).map(([layer, uses]) => ({
            sourceTag: `layer:${layer}`,
            onlyDependOnLibsWithTags: [...uses, 'testing'].map((used) => `layer:${used}`),
          })),
        },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ExportAllDeclaration',
          message: 'Name what you export: `export *` hides what a package offers.',
        },
      ],
    },
  },
  {
    files: ['**/*.ts'],
    ignores: ['**/*.spec.ts', '**/spec/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { paths: [{ name: '@trivium/testing', message: 'Only specs import @trivium/testing.' }] },
      ],
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
);
