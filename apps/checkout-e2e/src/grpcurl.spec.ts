import { commandLines } from './command-line.ts';
import { useShop } from './shop-fixture.ts';

const fixture = useShop({ env: { STAGE_MS: '20' } });
const addressOf = (name: Parameters<typeof fixture.shop.service>[0]) =>
  fixture.shop.service(name).address;
const checkout = 'shop.checkout.v1.Checkout';
const basket = `"lines": [{"sku": "MUG-STONE-01", "quantity": 2}], "destination": {"country": "DE", "postal_code": "10115"}`;

describe.each(commandLines)('with $name', (commandLine) => {
  it.each([
    ['catalog', 'shop.catalog.v1.Catalog'],
    ['inventory', 'shop.inventory.v1.Inventory'],
    ['payments', 'shop.payments.v1.Payments'],
    ['shipping', 'shop.shipping.v1.Shipping'],
    ['fulfillment', 'shop.fulfillment.v1.Fulfillment'],
    ['checkout', checkout],
  ] as const)('%s says what it serves, with no proto files at hand', async (name, service) => {
    const { stdout, code } = await commandLine.list(addressOf(name));
    expect(code).toBe(0);
    expect(stdout).toContain(service);
    expect(stdout).toContain('grpc.health.v1.Health');
  });

  it('calls a method and shows its reply', async () => {
    const { stdout } = await commandLine.call(
      addressOf('catalog'),
      'shop.catalog.v1.Catalog/GetProduct',
      '{"sku": "MUG-STONE-01"}',
    );
    expect(JSON.parse(stdout).product).toMatchObject({
      name: 'Stoneware mug, slate',
      price: { amountMinor: '1490', currency: 'EUR' },
    });
  });

  it('quotes, places an order and watches it to its end', async () => {
    const quote = await commandLine.call(addressOf('checkout'), `${checkout}/Quote`, `{${basket}}`);
    const [offer] = JSON.parse(quote.stdout).offers;
    const placed = await commandLine.call(
      addressOf('checkout'),
      `${checkout}/PlaceOrder`,
      `{"request_id": "by-${commandLine.name.replace(' ', '-')}", "account_id": "ada", "carrier_id": "${offer.carrierId}", ${basket}}`,
    );
    const { metadata } = JSON.parse(placed.stdout);
    const watched = await commandLine.call(
      addressOf('checkout'),
      `${checkout}/WatchOrder`,
      `{"order_id": "${metadata.orderId}"}`,
    );
    expect(watched.code).toBe(0);
    expect(watched.stdout).toContain('ORDER_EVENT_KIND_COMPLETED');
  });

  it('shows which field of a request is wrong, and what would be right', async () => {
    const { code, stdout, stderr } = await commandLine.call(
      addressOf('inventory'),
      'shop.inventory.v1.Inventory/Reserve',
      '{"reservation_id": "r", "lines": [{"sku": "MUG-STONE-01", "quantity": -1}]}',
    );
    expect(code).not.toBe(0);
    const shown = stdout + stderr;
    expect(shown).toMatch(/InvalidArgument|invalid_argument/);
    expect(shown).toContain('lines[0].quantity');
  });
});
