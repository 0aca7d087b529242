import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Methods, RegisteredMethod } from '@trivium/registry';
import { Code, createLogger } from '@trivium/rpc';
import { Subject } from 'rxjs';
import { createFindContract } from '../serve/contracts.ts';
import { type PlanFolder, openPlanFolder } from './plan-folder.ts';

const none: Methods = { find: () => undefined, list: () => [] };
const findContract = createFindContract({ descriptorSets: [], methods: none });
const plan = (method: string, more = '') =>
  `${more}\nsteps:\n  - id: one\n    method: ${method}\n    request: { sku: MUG }\n`;
const getProduct = 'shop.catalog.v1.Catalog/GetProduct';

let dir: string;
let folder: PlanFolder;
let known: Set<string>;
const changes = new Subject<void>();
const log = createLogger({ name: 'spec', level: 'silent' });

function find(name: string): RegisteredMethod | undefined {
  const descriptor = known.has(name) ? findContract(name) : undefined;
  if (!descriptor) return undefined;
  return { name, backend: 'b', repetition: 'noSideEffects', descriptor, types: undefined as never };
}
function open(files: Readonly<Record<string, string>>): PlanFolder {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  const methods = { find, list: () => [], changes };
  return (folder = openPlanFolder({ folder: dir, methods, served: findContract, log }));
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'trivium-plans-'));
  known = new Set([getProduct]);
});
afterEach(() => {
  folder.close();
  rmSync(dir, { recursive: true });
});

it('names a plan by its name, or by its file', () => {
  const files = { 'a.yaml': plan(getProduct, 'name: b'), 'c.json': '', 'notes.txt': 'no plan' };
  files['c.json'] = JSON.stringify({ steps: [{ id: 'one', method: getProduct }] });
  expect(
    open(files)
      .list()
      .map(({ name, error }) => [name, error]),
  ).toEqual([
    ['b', undefined],
    ['c', undefined],
  ]);
});

it('keeps a plan whose methods are not known yet, with the reason, and has it in force once they are', () => {
  known.clear();
  open({ 'late.yaml': plan(getProduct) });
  expect(folder.find('late')).toMatchObject({
    plan: { name: 'late' },
    error: { code: Code.INVALID_ARGUMENT },
  });
  expect(folder.find('late')?.compiled).toBeUndefined();
  known.add(getProduct);
  changes.next();
  expect(folder.find('late')?.error).toBeUndefined();
  expect(folder.find('late')?.compiled).toBeDefined();
});

it('stays with what is in force when its methods go', () => {
  open({ 'kept.yaml': plan(getProduct) });
  known.clear();
  changes.next();
  const kept = folder.find('kept');
  expect(kept?.error?.message).toContain(getProduct);
  expect(kept?.compiled).toBeDefined();
});

it('has the first of two files with the same name in force, and says that there is another', () => {
  const twice = plan(getProduct, 'name: twice');
  open({ 'a.yaml': twice, 'b.yaml': twice });
  expect(folder.list()).toHaveLength(1);
  expect(folder.find('twice')?.error?.message).toContain('b.yaml');
  expect(folder.find('twice')?.compiled).toBeDefined();
});

it('tells which methods its plans serve, also before their backends are known', () => {
  known.clear();
  open({
    'a.yaml': plan(getProduct, 'serves: shop.catalog.v1.Catalog/ListProducts\nresult: {}'),
    'b.yaml': 'not: a plan',
    'c.yaml': '{',
  });
  expect(folder.servedMethods()).toEqual(['shop.catalog.v1.Catalog/ListProducts']);
  const serving = folder.serving('shop.catalog.v1.Catalog/ListProducts');
  expect(serving).toMatchObject({ name: 'a', error: { code: Code.INVALID_ARGUMENT } });
});

it('has no plans where there is no folder', () => {
  rmSync(dir, { recursive: true });
  const methods = { find, list: () => [], changes };
  folder = openPlanFolder({ folder: dir, methods, served: findContract, log });
  expect(folder.list()).toEqual([]);
  writeFileSync(dir, '');
});
