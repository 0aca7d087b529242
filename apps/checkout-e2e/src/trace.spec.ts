import { basket, useShop } from './shop-fixture.ts';

type Line = { service: string; msg: string; url?: string; method?: string; trace_id?: string };

const lines: Line[] = [];
let nextLine = Promise.withResolvers<void>();

// Nobody listens there: a shop whose collector is down works, and its log names the traces all the same.
const fixture = useShop({
  env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', METRICS_PORT: '0' },
  onLine(_, line) {
    lines.push(JSON.parse(line) as Line);
    nextLine.resolve();
    nextLine = Promise.withResolvers();
  },
});

/** What is found in the log, as soon as it is there: a line may come later than what it tells of. */
async function logged<T>(find: () => T | undefined): Promise<T> {
  for (;;) {
    const found = find();
    if (found !== undefined) return found;
    await nextLine.promise;
  }
}

it('makes one trace of a quote through all the services that it asks', async () => {
  await fixture.clients.checkout.quote(basket);
  const calls = () => lines.filter(({ msg }) => msg === 'call');
  const quote = await logged(() => calls().find(({ method }) => method?.endsWith('/Quote')));
  expect(quote.trace_id).toMatch(/^[0-9a-f]{32}$/);
  for (const service of ['catalog', 'inventory', 'shipping']) {
    await logged(() => calls().find((each) => each.service === service));
  }
  for (const { trace_id } of calls()) expect(trace_id).toBe(quote.trace_id);
});

it('counts in each service what that has served, and in checkout what it has called', async () => {
  const textOf = async (service: string) => {
    const { url } = await logged(() =>
      lines.find((line) => line.msg === 'metrics' && line.service === service),
    );
    return (await fetch(url!)).text();
  };
  await fixture.clients.checkout.quote(basket);
  const called =
    'grpc_service="shop.catalog.v1.Catalog",grpc_method="BatchGetProducts",grpc_code="OK"';
  expect(await textOf('catalog')).toMatch(
    new RegExp(`^grpc_server_handled_total{grpc_type="unary",${called}} [1-9]`, 'm'),
  );
  expect(await textOf('checkout')).toMatch(
    new RegExp(`^grpc_client_handled_total{grpc_type="unary",${called}} [1-9]`, 'm'),
  );
});
