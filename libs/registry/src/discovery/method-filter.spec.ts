import { createMethodFilter } from './method-filter.ts';

it.each([
  [['*'], 'shop.catalog.v1.Catalog/GetProduct', true],
  [['shop.*'], 'shop.catalog.v1.Catalog/GetProduct', true],
  [['shop.catalog.v1.Catalog/Get*'], 'shop.catalog.v1.Catalog/GetProduct', true],
  [['shop.catalog.v1.Catalog/Get*'], 'shop.catalog.v1.Catalog/ListProducts', false],
  [['shop.catalog.v1.Catalog/GetProduct'], 'shop.catalog.v1.Catalog/GetProducts', false],
  [['shop.catalog.v1.Catalog/GetProduct'], 'shopXcatalogXv1XCatalog/GetProduct', false],
  [['a.A/*', 'b.B/*'], 'b.B/Do', true],
  [[], 'b.B/Do', false],
  [['*'], 'grpc.health.v1.Health/Check', false],
  [['*'], 'grpc.reflection.v1.ServerReflection/ServerReflectionInfo', false],
])('allows by %j that %s is called: %p', (patterns, name, isAllowed) => {
  expect(createMethodFilter(patterns)(name)).toBe(isAllowed);
});
