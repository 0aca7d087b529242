import {
  CheckoutDefinition,
  OrderEvent,
  OrderEventKind as Kind,
} from '@trivium/contracts/shop/checkout/v1/checkout';
import {
  Code,
  type Client,
  RpcError,
  bind,
  createClient,
  createLogger,
  openChannel,
  startHost,
} from '@trivium/rpc';

/** What one stream does: events by their sequences (the last one of the order is `end`), then how the stream ends. */
export interface Scene {
  readonly events: readonly (number | { readonly end: number })[];
  readonly status?: Code;
}

/** A checkout that answers each watch with the next scene, be it right or wrong. */
export interface ScriptedCheckout extends AsyncDisposable {
  readonly client: Client<typeof CheckoutDefinition>;
  /** From where on each watch asked. */
  readonly cursors: readonly number[];
}

/** Serves the scenes at any free port. */
export async function serveScript(scenes: readonly Scene[]): Promise<ScriptedCheckout> {
  const cursors: number[] = [];
  const unused = (): Promise<never> => {
    throw new RpcError(Code.UNIMPLEMENTED, 'not in the script');
  };
  const host = await startHost({
    address: '127.0.0.1:0',
    log: createLogger({ name: 'scripted', level: 'silent' }),
    services: [
      bind(CheckoutDefinition, {
        quote: unused,
        placeOrder: unused,
        getOrder: unused,
        async *watchOrder({ afterSequence }) {
          const scene = scenes[cursors.length];
          cursors.push(Number(afterSequence));
          for (const event of scene?.events ?? []) yield { event: orderEvent(event) };
          if (scene?.status) throw new RpcError(scene.status, 'as the script has it');
        },
      }),
    ],
  });
  const channel = openChannel(host.address);
  return {
    client: createClient(CheckoutDefinition, channel),
    cursors,
    async [Symbol.asyncDispose]() {
      channel.close();
      await host.drain();
    },
  };
}

/** An event of an order: its number stands for one on the way, `{ end }` for the last one of an order that went well. */
export function orderEvent(event: number | { readonly end: number }): OrderEvent {
  const isLast = typeof event !== 'number';
  return OrderEvent.fromPartial({
    sequence: BigInt(isLast ? event.end : event),
    kind: isLast ? Kind.ORDER_EVENT_KIND_COMPLETED : Kind.ORDER_EVENT_KIND_PRICED,
  });
}
