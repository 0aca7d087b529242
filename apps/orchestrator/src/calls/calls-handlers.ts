import type { JsonObject } from '@bufbuild/protobuf';
import {
  type Operations,
  type StartOptions,
  createEventStream,
  startAndWait,
  toOperation,
} from '@trivium/async';
import {
  type CallRequest,
  type CallResponse,
  type CallsDefinition,
  Repetition,
  StartRequest,
  WatchResponse,
} from '@trivium/contracts/trivium/calls/v1/calls';
import type { RegisteredMethod, ServiceRegistry } from '@trivium/registry';
import {
  type CallContext,
  Code,
  type Handlers,
  RpcError,
  badRequest,
  durationToMs,
} from '@trivium/rpc';
import type { OperationKind } from '../work/kinds.ts';
import { maxAttemptsOf } from './call-policy.ts';
import { operationEvent } from './operation-event.ts';
import { pageOf } from './page.ts';
import { type PlanRunner, resolvePlan, runPlanCall } from './run-plan-call.ts';
import { asObject, unpackReply } from './struct.ts';

/** What the handlers work with. */
export interface Orchestrator extends PlanRunner {
  readonly operations: Operations<OperationKind>;
  /** How long an operation may take that says nothing else, in milliseconds. */
  readonly defaultTimeoutMs: number;
}

/** How long before a call's own deadline a wait ends, so that its answer still arrives, in milliseconds. */
const REPLY_MARGIN_MS = 50;

const repetitions = {
  unspecified: Repetition.REPETITION_UNSPECIFIED,
  noSideEffects: Repetition.REPETITION_NO_SIDE_EFFECTS,
  idempotent: Repetition.REPETITION_IDEMPOTENT,
} as const satisfies Record<RegisteredMethod['repetition'], Repetition>;

/** What the orchestrator does when it is called. */
export function createCallsHandlers(orchestrator: Orchestrator): Handlers<typeof CallsDefinition> {
  const { registry, plans, operations } = orchestrator;
  const watchEvents = createEventStream({
    operations,
    type: WatchResponse,
    toResponse: (event) => ({ event: operationEvent(event) }),
  });
  return {
    call: (request, context) =>
      request.wait
        ? callWithin(orchestrator, request, context)
        : callAndWait(registry, request, context),

    start: async (request) =>
      toOperation(await operations.start(await startOptions(orchestrator, request))),

    watch: ({ name, afterSequence }, call) =>
      watchEvents(name, { after: Number(afterSequence), call }),

    run: (request, context) => runPlanCall(orchestrator, request, context),

    async listMethods(request) {
      const { page, nextPageToken } = pageOf(registry.list(), ({ name }) => name, request);
      const methods = page.map(({ name, backend, repetition, descriptor }) => ({
        method: name,
        backend,
        repetition: repetitions[repetition],
        requestType: descriptor.input.typeName,
        responseType: descriptor.output.typeName,
        serverStreaming: descriptor.methodKind === 'server_streaming',
      }));
      return { methods, nextPageToken };
    },

    async listPlans(request) {
      const { page, nextPageToken } = pageOf(plans.list(), ({ name }) => name, request);
      return {
        plans: page.map(({ plan, error }) => ({ plan, error: error?.toStatus() })),
        nextPageToken,
      };
    },
  };
}

/** Sync: one call, for as long as its caller waits. */
async function callAndWait(
  registry: ServiceRegistry,
  { call, timeout }: CallRequest,
  { signal }: CallContext,
): Promise<CallResponse> {
  const { method = '', request = {} } = call ?? {};
  const reply = await registry.call(method, request as JsonObject, {
    signal,
    maxAttempts: maxAttemptsOf(registry.find(method)),
    ...(timeout && { timeoutMs: durationToMs(timeout) }),
  });
  return { outcome: { $case: 'response', value: asObject(reply.response) } };
}

/** Sync that may become async: the call is an operation from the beginning, and is waited for a while. */
async function callWithin(
  orchestrator: Orchestrator,
  { call, timeout, wait, requestId }: CallRequest,
  { signal, draining, deadline }: CallContext,
): Promise<CallResponse> {
  if (requestId === '') throw invalidArgument('request_id', 'must be set with wait');
  const { operations } = orchestrator;
  const work = { $case: 'call' as const, value: { method: '', request: {}, ...call } };
  const started = await startOptions(orchestrator, { requestId, work, timeout });
  const waitMs = Math.min(durationToMs(wait!), deadline - Date.now() - REPLY_MARGIN_MS);
  const stop = AbortSignal.any([signal, draining]);
  const record = await startAndWait(operations, started, { waitMs, signal: stop }).catch(
    async (error: unknown) => {
      const known = draining.aborted && (await operations.findByRequestId(requestId));
      if (!known) throw error;
      return known;
    },
  );
  const { result } = record;
  if (!result) return { outcome: { $case: 'operation', value: toOperation(record) } };
  if (result.$case === 'response') {
    return { outcome: { $case: 'response', value: unpackReply(result.value) } };
  }
  const { code, message, details } = result.value;
  throw new RpcError(code as Code, message, { details });
}

/** What an operation is started with. Throws what its request is refused with. */
async function startOptions(
  orchestrator: Orchestrator,
  request: StartRequest,
): Promise<StartOptions<OperationKind>> {
  const { operations, defaultTimeoutMs } = orchestrator;
  const { requestId, timeout } = request;
  // What was accepted is accepted, whatever is registered by now.
  const known = await operations.findByRequestId(requestId);
  const kind = known ? (known.kind as OperationKind) : kindOf(orchestrator, request);
  const timeoutMs = timeout ? durationToMs(timeout) : defaultTimeoutMs;
  return { kind, requestId, request: StartRequest.encode(request).finish(), timeoutMs };
}

/** Which kind of work a request asks for. Throws what it is refused with. */
function kindOf({ registry, plans }: Orchestrator, { work }: StartRequest): OperationKind {
  if (work?.$case === 'plan') {
    resolvePlan(plans, work.value);
    return 'plan';
  }
  if (work?.$case !== 'call') {
    throw invalidArgument('work', 'must have exactly one of its fields set');
  }
  const { method, request = {} } = work.value;
  registry.check(method, request as JsonObject);
  const { methodKind } = registry.require(method).descriptor;
  return methodKind === 'server_streaming' ? 'stream' : 'call';
}

function invalidArgument(field: string, description: string): RpcError {
  return new RpcError(Code.INVALID_ARGUMENT, `${field}: ${description}`, {
    details: [badRequest([{ field, description }])],
  });
}
