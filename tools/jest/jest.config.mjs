/**
 * The one jest configuration: `jest --config tools/jest/jest.config.mjs --rootDir <project>`.
 * Specs run as native ES modules on real TypeScript sources, stripped of their types by Node itself.
 */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'mts', 'js', 'mjs', 'cjs', 'json', 'node'],
  transform: { '\\.ts$': new URL('./strip-types.mjs', import.meta.url).pathname },
  injectGlobals: true,
  testTimeout: 20_000,
};
