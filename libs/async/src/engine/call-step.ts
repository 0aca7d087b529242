import { packAny } from '@trivium/rpc';
import type { MethodDefinition, ResponseOf } from '@trivium/rpc';
import { concatMap, lastValueFrom } from 'rxjs';
import { LifecycleKind } from '../operation/operation-event.ts';
import type { NewEvent } from '../operation/operation-event.ts';
import type {
  Call,
  Step,
  StepCallOptions,
  StepRun,
  StepType,
  StreamCall,
} from './running-operation.ts';

/** The step that a call is. */
export function callStep<M extends MethodDefinition>(call: Call<M>): Step<ResponseOf<M>> {
  const { method, request, invoke, ...options } = call;
  return {
    description: method.name,
    ...options,
    method: method.name,
    repeatable: isRepeatable(method),
    type: method.responseType as unknown as StepType<ResponseOf<M>>,
    run: (signal, step) => invoke(request, callOptions(signal, step)),
  };
}

/** Where a stream's messages are told, and how far that had come. */
export interface StreamProgress {
  tell(progress: Uint8Array, event: NewEvent): Promise<unknown>;
  told(): Promise<Uint8Array | undefined>;
}

/** The step that a call of a server stream is. */
export function streamStep<M extends MethodDefinition>(
  call: StreamCall<M>,
  { tell, told }: StreamProgress,
): Step<ResponseOf<M> | undefined> {
  const { method, request, invoke, event = progressEvent(method), ...options } = call;
  const type = method.responseType as unknown as StepType<ResponseOf<M>>;
  return {
    description: method.name,
    ...options,
    method: method.name,
    repeatable: isRepeatable(method),
    type: optional(type),
    async run(signal, step) {
      const before = await told();
      const last = before && type.decode(before);
      const messages = invoke(request(last), callOptions(signal, step)).pipe(
        concatMap(async (message) => {
          await tell(type.encode(message).finish(), event(message));
          return message;
        }),
      );
      return lastValueFrom(messages, {
        defaultValue: last,
      });
    },
  };
}

function isRepeatable({ options }: MethodDefinition): boolean {
  return options.idempotencyLevel !== undefined;
}

function callOptions(signal: AbortSignal, { attempt, idempotencyKey }: StepRun): StepCallOptions {
  const metadata = { 'idempotency-key': idempotencyKey, 'trivium-attempt': String(attempt) };
  return { signal, metadata };
}

function progressEvent<M extends MethodDefinition>(method: M) {
  return (message: ResponseOf<M>): NewEvent => ({
    kind: LifecycleKind.PROGRESS,
    description: `A message of ${method.name}`,
    payload: packAny(method.responseType as Parameters<typeof packAny>[0], message),
  });
}

/** A value that may be absent: its first byte says whether it is there. */
function optional<T>(type: StepType<T>): StepType<T | undefined> {
  return {
    encode: (value) => ({
      finish: () =>
        value === undefined
          ? new Uint8Array([0])
          : Buffer.concat([new Uint8Array([1]), type.encode(value).finish()]),
    }),
    decode: (bytes) => (bytes[0] === 1 ? type.decode(bytes.subarray(1)) : undefined),
  };
}
