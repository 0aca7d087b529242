import { create, type JsonObject, type JsonValue } from '@bufbuild/protobuf';
import { EmptySchema } from '@bufbuild/protobuf/wkt';
import type { CallByName, CallByNameOptions } from '@trivium/registry';
import { Code, RpcError } from '@trivium/rpc';
import { loadPlan } from '../load-plan.ts';
import { runPlan, type RunPlanOptions } from '../run/run-plan.ts';
import { servedMethod, shopMethods } from './shop-methods.ts';

/** A call that a run made. */
export interface Called {
  readonly method: string;
  readonly request: JsonObject;
  readonly options: CallByNameOptions;
}

/** What a method answers. */
export type Answer = (
  request: JsonObject,
  options: CallByNameOptions,
) => JsonValue | Promise<JsonValue>;

/** Calls that are answered by method, and written down; whoever has no answer has nothing set. */
export function answering(answers: Readonly<Record<string, Answer>>) {
  const called: Called[] = [];
  const call: CallByName = {
    async call(method, request, callOptions) {
      called.push({
        method: method.split('/')[1]!,
        request: request as JsonObject,
        options: callOptions,
      });
      const response = (await answers[method]?.(request as JsonObject, callOptions)) as JsonValue;
      // Plans read replies as JSON, which a recorded one is, too.
      return { message: create(EmptySchema), response: response ?? {}, attempts: 1 };
    },
  };
  return { call, called };
}

/** Runs a plan against answers by method. */
export function start(
  text: string,
  answers: Readonly<Record<string, Answer>> = {},
  options: Partial<RunPlanOptions> = {},
) {
  const { call, called } = answering(answers);
  const compiled = loadPlan(text, { methods: shopMethods, served: servedMethod });
  const { signal } = new AbortController();
  const run = runPlan(compiled, { call, signal, ...options });
  return { ...run, called };
}

/** A product of 250 g. */
export const product = (sku: string) => ({
  product: { sku, weightGrams: 250, price: { amountMinor: '1250' } },
});

/** Fails as a server does that is not there. */
export const unavailable = (): never => {
  throw new RpcError(Code.UNAVAILABLE, 'it is down');
};
