import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nameService } from './service-name.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'trivium-name-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

it('names the service in both spellings, on the first port that is free', () => {
  expect(nameService('loyalty', root)).toEqual({
    lower: 'loyalty',
    upper: 'Loyalty',
    port: 50_060,
  });
});

it('leaves out the ports that other services have', () => {
  mkdirSync(join(root, 'apps/other/src'), { recursive: true });
  writeFileSync(join(root, 'apps/other/src/config.ts'), 'serviceVariables({ port: 50061 })');
  expect(nameService('loyalty', root).port).toBe(50_062);
});

it('says what is wrong with a name', () => {
  mkdirSync(join(root, 'apps/catalog'), { recursive: true });
  expect(() => nameService(undefined, root)).toThrow('Usage: npm run new:service NAME');
  expect(() => nameService('Loyalty-2', root)).toThrow('use 2 to 31 lower-case letters and digits');
  expect(() => nameService('catalog', root)).toThrow('apps/catalog exists');
});
