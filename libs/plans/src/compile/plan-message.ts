import { createFileRegistry, fromBinary, fromJson, toBinary } from '@bufbuild/protobuf';
import type { DescMessage, DescMethod, FileRegistry, JsonValue } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { descriptorSetBase64 } from '@trivium/contracts';
import { BadRequest } from '@trivium/contracts/google/rpc/error_details';
import { Plan } from '@trivium/contracts/trivium/calls/v1/plan';
import { createValidator, findDetail, type Validator } from '@trivium/rpc';
import { pathTo } from '../path.ts';
import { checkShape } from '../shape/check-shape.ts';

type Report = (path: string, problem: string) => void;

interface Contract {
  readonly plan: DescMessage;
  readonly validator: Validator;
  readonly registry: FileRegistry;
}

let contract: Contract | undefined;

/** The contract of plans, read when the first plan is. */
function readContract(): Contract {
  if (contract) return contract;
  const files = fromBinary(FileDescriptorSetSchema, Buffer.from(descriptorSetBase64, 'base64'));
  const registry = createFileRegistry(files);
  const plan = registry.getMessage(Plan.$type);
  if (!plan) throw new Error(`The contracts have no ${Plan.$type}`);
  contract = { plan, validator: createValidator(), registry };
  return contract;
}

/**
 * The plan that JSON stands for. What does not have the shape of a plan is reported and left out, so
 * that the rest can be checked; undefined when nothing is left.
 */
export function planFromJson(json: JsonValue, report: Report): Plan | undefined {
  const { plan } = readContract();
  const wrong = new Set<string>();
  checkShape(json, plan, {
    path: '',
    types: new Map(),
    report(path, problem) {
      wrong.add(path);
      report(path, problem);
    },
  });
  try {
    return Plan.decode(toBinary(plan, fromJson(plan, without(wrong, json, ''))));
  } catch (error) {
    if (wrong.size === 0) report('', error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

/** The same without what these paths lead to; elements of lists become empty, to keep the places. */
function without(wrong: ReadonlySet<string>, json: JsonValue, path: string): JsonValue {
  if (wrong.size === 0 || typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) {
    return json.map((element, index) => {
      const inner = pathTo(path, index);
      return wrong.has(inner) ? {} : without(wrong, element, inner);
    });
  }
  const kept = Object.entries(json).filter(([key]) => !wrong.has(pathTo(path, key)));
  return Object.fromEntries(
    kept.map(([key, part]) => [key, without(wrong, part, pathTo(path, key))]),
  );
}

/** Reports every rule of the contract that the plan breaks. */
export function checkRules(plan: Plan, report: Report): void {
  const error = readContract().validator.check(Plan.$type, Plan.encode(plan).finish());
  const violations = error && findDetail(error, BadRequest)?.fieldViolations;
  if (error && !violations) report('', error.message);
  for (const { field, description } of violations ?? []) report(field, description);
}

/** The method of this name (`package.Service/Method`) in the contracts of this repository. */
export function findContractMethod(name: string): DescMethod | undefined {
  const [service = '', method] = name.split('/');
  return readContract()
    .registry.getService(service)
    ?.methods.find((one) => one.name === method);
}
