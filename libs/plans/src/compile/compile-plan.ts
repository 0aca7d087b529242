import { CelScalar, listType, mapType, type CelType } from '@bufbuild/cel';
import { createRegistry } from '@bufbuild/protobuf';
import type { DescFile, DescMethod, JsonValue, Registry } from '@bufbuild/protobuf';
import type { Plan } from '@trivium/contracts/trivium/calls/v1/plan';
import type { Methods } from '@trivium/registry';
import { createExpressionCompiler, type ExpressionCompiler } from '../cel/expression.ts';
import { messageType } from '../cel/field-type.ts';
import { defaultLimits, type PlanLimits } from '../limits.ts';
import { PlanRefused, ProblemList, untilEnough } from '../problem.ts';
import { checkShape } from '../shape/check-shape.ts';
import { compileTemplate, type Template } from '../template/template.ts';
import { checkGraph } from './check-graph.ts';
import { compileStep, methodFinder, resultType } from './compile-step.ts';
import type { CompiledPlan } from './compiled-plan.ts';
import { addressProblem, isAddress, nameProblem } from './names.ts';
import { checkRules } from './plan-message.ts';

/** What a plan is checked against. */
export interface CompileOptions {
  /** The methods that it may call. Without them, neither they nor the requests' shapes are checked. */
  readonly methods?: Methods;
  /**
   * Whether `methods` are all that there are. If not, as while a backend cannot be reached, one that
   * is not among them is no problem, and cannot be checked. Default: yes.
   */
  readonly allMethodsKnown?: boolean;
  /** The methods that a plan may serve. Without it, that name is not checked. */
  readonly served?: (name: string) => DescMethod | undefined;
  /** What it may ask of the process. Default: `defaultLimits`. */
  readonly limits?: Partial<PlanLimits>;
}

/**
 * Checks a plan and prepares it to be run. Throws `PlanRefused` with everything that is wrong with
 * it. Calls nothing.
 */
export function compilePlan(plan: Plan, options: CompileOptions): CompiledPlan {
  const problems = new ProblemList();
  const compiled = untilEnough(() => check(plan, options, problems));
  if (problems.all.length > 0) throw new PlanRefused(problems.all);
  return compiled!;
}

/** Checks a plan; what is wrong goes to `problems`. Undefined when it is too large to be looked at. */
export function check(
  plan: Plan,
  { methods, allMethodsKnown = true, served, limits: given }: CompileOptions,
  problems: ProblemList,
): CompiledPlan | undefined {
  const limits = { ...defaultLimits, ...given };
  const report = (path: string, problem: string): void => problems.add(path, problem);
  // Nothing of a plan that is too large is worth the work.
  if (countValues(plan, limits.maxValues) > limits.maxValues) {
    report('steps', `more than ${limits.maxValues} values; split the plan`);
    return undefined;
  }
  checkNames(plan, report);
  checkRules(plan, report);
  if (problems.has('steps')) return undefined;
  const methodOf = methodFinder({ methods, allKnown: allMethodsKnown }, report);
  const found = plan.steps.map(({ method }, index) => methodOf(method, `steps[${index}].method`));
  const servedMethod = plan.serves ? findServed(plan.serves, served, report) : undefined;
  const registries = found.flatMap(({ registered }) => registered?.types ?? []);
  const compiler = createExpressionCompiler(
    registryOf(registries, servedMethod),
    limits.maxExpressionText,
  );
  const names = new Map<string, CelType>([['input', inputType(servedMethod)]]);
  plan.steps.forEach((step, index) => {
    const output = found[index]!.registered?.descriptor.output;
    names.set(step.id, resultType(step, output ? messageType(output) : CelScalar.DYN));
  });
  const compilation = { compiler, names, report, methodOf };
  const steps = plan.steps.map((step, index) => compileStep(step, `steps[${index}]`, compilation));
  checkGraph(steps, report);
  const result = compileResult(plan, { compiler, names, servedMethod, report });
  const stepOf = new Map(steps.map((step) => [step.id, step]));
  return { plan, steps, stepOf, result, servedMethod, limits, compiler };
}

type Report = (path: string, problem: string) => void;

function checkNames(plan: Plan, report: Report): void {
  const seen = new Map<string, number>();
  const refuseAddress = (path: string, text: string | undefined): void => {
    if (text && isAddress(text)) report(path, addressProblem(text));
  };
  refuseAddress('name', plan.name);
  refuseAddress('serves', plan.serves);
  plan.steps.forEach(({ id, method, forEach, undo }, index) => {
    const path = `steps[${index}]`;
    refuseAddress(`${path}.id`, id);
    refuseAddress(`${path}.method`, method);
    refuseAddress(`${path}.for_each.as`, forEach?.as);
    refuseAddress(`${path}.undo.method`, undo?.method);
    const problem = nameProblem(id);
    if (problem) report(`${path}.id`, problem);
    const other = seen.get(id);
    if (other !== undefined) report(`${path}.id`, `steps[${other}] is called ${id} too`);
    seen.set(id, index);
  });
}

function findServed(
  name: string,
  served: CompileOptions['served'],
  report: Report,
): DescMethod | undefined {
  const method = served?.(name);
  if (served && !method) report('serves', `no contract with a method ${name} is known here`);
  if (method && method.methodKind !== 'unary') {
    report('serves', `${name} streams; a plan can serve unary methods only`);
    return undefined;
  }
  return method;
}

const inputType = (served: DescMethod | undefined): CelType =>
  served ? messageType(served.input) : CelScalar.DYN;

function registryOf(registries: readonly Registry[], served: DescMethod | undefined): Registry {
  const files = served ? [served.parent.file, ...dependenciesOf(served.parent.file)] : [];
  return createRegistry(...new Set([...registries, ...files]));
}

function dependenciesOf({ dependencies }: DescFile): DescFile[] {
  return dependencies.flatMap((file) => [file, ...dependenciesOf(file)]);
}

/** What `trace` gives to the result: how each call went. */
const traceType = listType(mapType(CelScalar.STRING, CelScalar.DYN));

function compileResult(
  plan: Plan,
  {
    compiler,
    names,
    servedMethod,
    report,
  }: {
    compiler: ExpressionCompiler;
    names: ReadonlyMap<string, CelType>;
    servedMethod: DescMethod | undefined;
    report: Report;
  },
): Template | undefined {
  if (plan.result === undefined) {
    if (plan.serves) report('result', `must be set: it is what ${plan.serves} replies`);
    return undefined;
  }
  const value = plan.result as JsonValue;
  const inResult = new Map(names).set('trace', traceType);
  const template = compileTemplate(value, { compiler, names: inResult, path: 'result', report });
  if (servedMethod) {
    checkShape(value, servedMethod.output, { path: 'result', types: template.types, report });
  }
  return template;
}

/** How many values a plan's requests and its result hold, as far as `limit` is not passed. */
function countValues({ steps, result }: Plan, limit: number): number {
  let count = 0;
  const open: unknown[] = [result];
  for (const { request, undo } of steps) open.push(request, undo?.request);
  while (open.length > 0 && count <= limit) {
    const next = open.pop();
    count++;
    if (typeof next !== 'object' || next === null) continue;
    for (const part of Object.values(next)) open.push(part);
  }
  return count;
}
