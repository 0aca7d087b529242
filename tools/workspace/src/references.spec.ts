import { expectedConfigs } from './references.ts';

it('derives references from the dependencies between packages', () => {
  const configs = expectedConfigs([
    { name: '@x/base', folder: 'libs/base', dependencies: [] },
    { name: '@x/app', folder: 'apps/app', dependencies: ['@x/base'] },
  ]);
  expect(JSON.parse(configs.get('apps/app/tsconfig.json') ?? '')).toEqual({
    extends: '../../tsconfig.base.json',
    references: [{ path: '../../libs/base' }],
  });
  expect(JSON.parse(configs.get('tools/tsconfig.json') ?? '').references).toEqual([
    { path: '../libs/base' },
    { path: '../apps/app' },
  ]);
});
