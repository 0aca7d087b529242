import type { InvalidFile } from './file-faults.ts';
import { parseServicesFile } from './services-file.ts';

const faultsOf = (text: string): readonly string[] => {
  try {
    parseServicesFile(text, 'services.yaml');
  } catch (error) {
    return (error as InvalidFile).faults;
  }
  return [];
};

it('reads backends with all that can be said of them', () => {
  const text = `
services:
  - name: catalog
    addresses: 127.0.0.1:50051
  - name: stock
    addresses: [a.example:1, "[::1]:2"]
    tls: { ca: ca.pem, serverName: stock.example }
    methods: [shop.inventory.v1.Inventory/Get*]
    refresh: 1.5m
  - name: far
    addresses: dns:far.example:443
    tls: true
contracts: [ours.binpb]
`;
  expect(parseServicesFile(text, 'services.yaml')).toEqual({
    services: [
      { name: 'catalog', addresses: ['127.0.0.1:50051'], methods: ['*'], refreshMs: 60_000 },
      {
        name: 'stock',
        addresses: ['a.example:1', '[::1]:2'],
        tls: { ca: 'ca.pem', serverName: 'stock.example' },
        methods: ['shop.inventory.v1.Inventory/Get*'],
        refreshMs: 90_000,
      },
      { name: 'far', addresses: 'dns:far.example:443', tls: {}, methods: ['*'], refreshMs: 60_000 },
    ],
    contracts: ['ours.binpb'],
  });
});

it('lists every fault with its line, its field and what would be right', () => {
  const text = `services:
  - name: Catalog
    addresses: unix:/run/catalog.sock
  - name: stock
    adresses: 127.0.0.1:1
    refresh: soon
  - name: stock
    addresses: [127.0.0.1:1, 127.0.0.1:99999]
    methods: ["http://x"]
    tls: { key: a.pem }
`;
  expect(faultsOf(text)).toEqual([
    'services.yaml:2: services[0].name must be a name of lower-case letters, digits and -, for example catalog',
    'services.yaml:3: services[0].addresses must be host:port, for example 127.0.0.1:50051',
    'services.yaml:5: services[1].adresses is unknown; there are name, addresses, tls, methods, refresh',
    'services.yaml:4: services[1].addresses must be host:port, a list of them, or dns:name:port',
    'services.yaml:6: services[1].refresh must be a time from 100ms to 24h, for example 30s',
    'services.yaml:10: services[2].tls must have both cert and key, or neither',
    'services.yaml:8: services[2].addresses[1] must be host:port, for example 127.0.0.1:50051',
    'services.yaml:9: services[2].methods[0] must be package.Service/Method, where * stands for any text',
    'services.yaml:7: services[2].name must differ from services[1].name',
  ]);
});

it.each([
  ['', 'services.yaml:1: must be a mapping with services, contracts'],
  ['services: 7', 'services.yaml:1: services must be a list'],
  ['services: [\n', 'services.yaml:'],
  ['services: []\nservices: []', 'services.yaml:2: Map keys must be unique'],
  ['contracts: []', 'services.yaml:1: must have a list services'],
])('refuses %j', (text, fault) => {
  expect(faultsOf(text).join('\n')).toContain(fault);
});
