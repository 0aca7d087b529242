import type { Code } from '@trivium/rpc';

/** Which end of a call is counted. */
export type Side = 'server' | 'client';

/** What kind a method is, in the words of the Prometheus interceptors of other languages. */
export type MethodType = 'unary' | 'client_stream' | 'server_stream' | 'bidi_stream';

/**
 * The upper bounds of the buckets of durations, in seconds. They hold all of Prometheus' default
 * ones, and finer ones below, for calls within a data centre take a millisecond.
 */
export const BUCKETS_S: readonly number[] = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/** The calls of one method that ended with one code. */
export interface EndedCalls {
  count: number;
  sumS: number;
  /** How many took up to each bound, and more than the one before; the last took longer than all. */
  readonly buckets: number[];
}

/**
 * What is counted of one method, on one side. It is plain numbers, found once for each method, so
 * that a call costs no look-up by its labels; they get their labels when somebody asks for them.
 */
export class MethodMetrics {
  readonly service: string;
  readonly method: string;
  readonly type: MethodType;
  startedCount = 0;
  inFlightCount = 0;
  readonly ended = new Map<Code, EndedCalls>();

  constructor(method: {
    readonly service: string;
    readonly name: string;
    readonly type: MethodType;
  }) {
    this.service = method.service;
    this.method = method.name;
    this.type = method.type;
  }

  start(): void {
    this.startedCount += 1;
    this.inFlightCount += 1;
  }

  end(code: Code, durationS: number): void {
    this.inFlightCount -= 1;
    let ended = this.ended.get(code);
    if (!ended) {
      ended = { count: 0, sumS: 0, buckets: new Array<number>(BUCKETS_S.length + 1).fill(0) };
      this.ended.set(code, ended);
    }
    ended.count += 1;
    ended.sumS += durationS;
    let index = 0;
    while (index < BUCKETS_S.length && durationS > BUCKETS_S[index]!) index += 1;
    ended.buckets[index]! += 1;
  }
}

/** What is counted of all methods, on one side, by path. */
export interface CallMetrics {
  readonly side: Side;
  readonly methods: ReadonlyMap<string, MethodMetrics>;
  /** The counts of the method that a call is made of. */
  of(call: CountedCall): MethodMetrics;
}

/** What has to be known of a call to count it. */
export interface CountedCall {
  readonly path: string;
  readonly service: { readonly fullName: string };
  readonly method: {
    readonly name: string;
    readonly requestStream: boolean;
    readonly responseStream: boolean;
  };
}

/** Creates the counts of one side. */
export function createCallMetrics(side: Side): CallMetrics {
  const methods = new Map<string, MethodMetrics>();
  return {
    side,
    methods,
    of({ path, service, method }) {
      let found = methods.get(path);
      if (!found) {
        const type = typeOf(method);
        found = new MethodMetrics({ service: service.fullName, name: method.name, type });
        methods.set(path, found);
      }
      return found;
    },
  };
}

function typeOf({ requestStream, responseStream }: CountedCall['method']): MethodType {
  if (requestStream) return responseStream ? 'bidi_stream' : 'client_stream';
  return responseStream ? 'server_stream' : 'unary';
}
