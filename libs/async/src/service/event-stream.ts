import {
  type CallContext,
  encodeResponse,
  type EncodedResponse,
  type MessageType,
  type PushedResponses,
  pushResponses,
  type ResponseSink,
  type ResponseSource,
} from '@trivium/rpc';
import { engineClosed } from '../operation/operation-errors.ts';
import type { OperationEvent } from '../operation/operation-event.ts';
import type { EventSink, OperationEvents } from '../engine/event-reader.ts';
import type { Operations } from '../engine/operations.ts';

/** Of which operation, and from where on. */
export interface EventStreamOptions {
  /** The last sequence that the caller has seen; 0, the default, for all events. */
  readonly after?: number;
  readonly call: Pick<CallContext, 'draining'>;
}

/** The events of an operation as the responses of a call. */
export type EventStream<T> = (name: string, options: EventStreamOptions) => PushedResponses<T>;

/**
 * Creates what a handler returns whose method streams the events of an operation: each event is
 * turned into a response and encoded once for all calls that get it.
 *
 * A stream ends after the last event; when the host drains it ends with `UNAVAILABLE`, reason
 * `DRAINING`, and the caller goes on from the last sequence that it has seen. It reads no faster
 * than its call has room, and what waits for a slow caller is bounded in bytes.
 */
export function createEventStream<T extends MessageType>(options: {
  readonly operations: Pick<Operations, 'events'>;
  readonly type: T;
  readonly toResponse: (event: OperationEvent) => Parameters<T['fromPartial']>[0];
}): EventStream<ReturnType<T['decode']>> {
  const { operations, type, toResponse } = options;
  type Response = EncodedResponse<ReturnType<T['decode']>>;
  // The engine hands the same object to all who follow an operation.
  const encoded = new WeakMap<OperationEvent, Response>();
  const encode = (event: OperationEvent): Response => {
    const known = encoded.get(event);
    if (known) return known;
    const response: Response = encodeResponse(type, toResponse(event));
    encoded.set(event, response);
    return response;
  };
  const toStep = (step: IteratorResult<OperationEvent, void>): IteratorResult<Response, void> =>
    step.done ? step : { done: false, value: encode(step.value) };

  return (name, { after = 0, call }) => ({
    [Symbol.asyncIterator]() {
      const events = operations.events(name, { after });
      const drain = () => events.fail(engineClosed());
      if (call.draining.aborted) drain();
      else call.draining.addEventListener('abort', drain);
      return {
        next: () => events.next().then(toStep),
        return: () => events.return().then(toStep),
      };
    },
    [pushResponses](sink) {
      const source = new EventSource(operations.events(name, { after }), { sink, encode });
      source.start();
      return source;
    },
  });
}

/** Pushes the events of an operation to a call. There are thousands of them, so it is small. */
class EventSource<T> implements ResponseSource, EventSink {
  readonly #events: OperationEvents;
  readonly #sink: ResponseSink<T>;
  readonly #encode: (event: OperationEvent) => EncodedResponse<T>;

  constructor(
    events: OperationEvents,
    {
      sink,
      encode,
    }: { sink: ResponseSink<T>; encode: (event: OperationEvent) => EncodedResponse<T> },
  ) {
    this.#events = events;
    this.#sink = sink;
    this.#encode = encode;
  }

  start(): void {
    this.#events.pushTo(this);
  }

  write(event: OperationEvent): boolean {
    return this.#sink.write(this.#encode(event));
  }

  end(): void {
    this.#sink.end();
  }

  fail(reason: unknown): void {
    this.#sink.fail(reason);
  }

  resume(): void {
    this.#events.resume();
  }

  drain(): void {
    this.#events.fail(engineClosed());
  }

  stop(): void {
    void this.#events.return();
  }
}
