import {
  type DescFile,
  type DescMethod,
  type JsonObject,
  create,
  fromJson,
  toBinary,
} from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { type PlanOutcome, runPlan } from '@trivium/plans';
import { type BoundService, Code, type Logger, RpcError } from '@trivium/rpc';
import type { PlanRunner } from '../calls/run-plan-call.ts';
import type { PlanFolder } from '../plans/plan-folder.ts';
import type { FindContract } from './contracts.ts';
import { type JsonHandler, bindDynamically } from './dynamic-service.ts';

/** What serves methods by plans. */
export interface ServePlansOptions extends PlanRunner {
  readonly findContract: FindContract;
  readonly log: Logger;
}

/** How long before its caller's deadline a plan ends with what is there, so that its answer still arrives. */
const REPLY_MARGIN_MS = 50;

/** What a host serves by plans. */
export interface ServedPlans {
  readonly services: readonly BoundService[];
  /** The contracts of these services, as serialized `FileDescriptorSet`s. */
  readonly descriptorSets: readonly Uint8Array[];
}

/**
 * The services of the methods that plans say they serve, typed by their contracts. Which methods there are is settled
 * here; which version of its plan serves one, at each call.
 */
export function servePlans(options: ServePlansOptions): ServedPlans {
  const { plans, registry, limits, findContract, log } = options;
  const methods = plans.servedMethods().flatMap((name) => {
    const descriptor = findContract(name);
    if (!descriptor || descriptor.methodKind !== 'unary') {
      const reason = descriptor ? 'is not unary' : 'has no contract that is known';
      log.warn({ method: name }, `a plan serves a method that ${reason}: it is not served`);
      return [];
    }
    const handler: JsonHandler = async (request, { signal, deadline }) => {
      const compiled = compiledFor(plans, name);
      const deadlineMs = deadline - Date.now() - REPLY_MARGIN_MS;
      const input = request as JsonObject;
      const calls = { call: registry, limits, signal, deadlineMs };
      const outcome = await runPlan(compiled, { input, ...calls }).result;
      return fitting(outcome, { descriptor, name });
    };
    return [{ descriptor, handler }];
  });
  return {
    services: bindDynamically(methods),
    descriptorSets: methods.map(({ descriptor }) => descriptorSetOf(descriptor.parent.file)),
  };
}

/** A file with all that it imports, each after what it imports itself. */
function descriptorSetOf(file: DescFile): Uint8Array {
  const files = new Set<DescFile>();
  const visit = (each: DescFile) => {
    each.dependencies.forEach(visit);
    files.add(each);
  };
  visit(file);
  const set = create(FileDescriptorSetSchema, { file: [...files].map(({ proto }) => proto) });
  return toBinary(FileDescriptorSetSchema, set);
}

function compiledFor(plans: PlanFolder, method: string) {
  const named = plans.serving(method);
  if (named?.compiled) return named.compiled;
  if (!named) throw new RpcError(Code.UNIMPLEMENTED, `No plan serves ${method} any more`);
  const message = `The plan ${named.name}, which serves ${method}, is not in force: ${named.error?.message}`;
  throw new RpcError(Code.UNAVAILABLE, message);
}

function fitting(
  { result, error }: PlanOutcome,
  { descriptor, name }: { readonly descriptor: DescMethod; readonly name: string },
) {
  if (error) throw error;
  try {
    fromJson(descriptor.output, result ?? {});
  } catch (cause) {
    const message = `The result of the plan that serves ${name} is no ${descriptor.output.typeName}`;
    throw new RpcError(Code.INTERNAL, message, { cause });
  }
  return result ?? {};
}
