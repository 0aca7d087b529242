import { CelScalar, listType, type CelType } from '@bufbuild/cel';
import type { JsonValue } from '@bufbuild/protobuf';
import type { Step } from '@trivium/contracts/trivium/calls/v1/plan';
import { durationToMs } from '@trivium/rpc';
import type { Methods } from '@trivium/registry';
import type { ExpressionCompiler } from '../cel/expression.ts';
import type { Scope } from '../cel/infer.ts';
import { checkShape } from '../shape/check-shape.ts';
import { compileExpression, compileTemplate, type Template } from '../template/template.ts';
import type {
  CompiledForEach,
  CompiledMethod,
  CompiledStep,
  CompiledUndo,
} from './compiled-plan.ts';
import { findMethod } from './find-method.ts';
import { nameProblem } from './names.ts';

const { BOOL, DYN } = CelScalar;

/** What the steps of one plan are compiled with. */
export interface StepCompilation {
  readonly compiler: ExpressionCompiler;
  /** `input` and all steps, with the types of what they give. */
  readonly names: Scope['names'];
  readonly report: (path: string, problem: string) => void;
  /** The methods of the steps by their names, found already. */
  readonly methodOf: (name: string, path: string) => CompiledMethod;
}

/** What finds the methods of a plan, and reports those that are not there, each place once. */
export function methodFinder(
  known: { readonly methods: Methods | undefined; readonly allKnown: boolean },
  report: StepCompilation['report'],
): StepCompilation['methodOf'] {
  const { methods, allKnown } = known;
  return (name, path) => {
    const tell = (problem: string): void => report(path, problem);
    return { name, registered: methods && findMethod(name, { methods, allKnown }, tell) };
  };
}

/** Compiles a step of the plan; `path` is its own, such as `steps[2]`. */
export function compileStep(step: Step, path: string, compilation: StepCompilation): CompiledStep {
  const { compiler, report } = compilation;
  const method = compilation.methodOf(step.method, `${path}.method`);
  const others = new Map(compilation.names);
  const ownType = others.get(step.id) ?? DYN;
  const forEach = step.forEach && compileForEach(step, path, compilation);
  if (forEach) others.set(forEach.as, forEach.element);
  const condition = step.condition
    ? compileExpression(step.condition, {
        compiler,
        names: compilation.names,
        path: `${path}.condition`,
        report,
      })
    : undefined;
  if (condition && condition.type !== BOOL && condition.type !== DYN) {
    report(`${path}.condition`, `must be true or false, not ${condition.type}`);
  }
  const request = compileRequest({
    value: step.request,
    method,
    path: `${path}.request`,
    names: others,
    compilation,
  });
  const undo = step.undo && compileUndo(step, path, { names: others, ownType, compilation });
  const used = new Set([
    ...request.used,
    ...(condition?.used ?? []),
    ...(forEach?.compiled.items.used ?? []),
  ]);
  used.delete('input');
  if (forEach) used.delete(forEach.as);
  const { hedge, retry } = checkRepetition(step, path, { method, report });
  return {
    id: step.id,
    method,
    request,
    reads: [...used],
    optional: step.optional,
    condition,
    timeoutMs: step.timeout && durationToMs(step.timeout),
    maxAttempts: retry,
    hedge,
    forEach: forEach?.compiled,
    undo,
  };
}

function compileForEach(
  { id, forEach }: Step,
  path: string,
  { compiler, names, report }: StepCompilation,
): { compiled: CompiledForEach; as: string; element: CelType } {
  const { items: source = '', as: written = '', maxInFlight = 0 } = forEach ?? {};
  const as = written || 'item';
  const asPath = `${path}.for_each.as`;
  const problem = nameProblem(as);
  if (problem) report(asPath, problem);
  else if (names.has(as)) {
    const own = as === id ? 'the step itself' : 'a step';
    report(asPath, `${own} is called ${as}: give the element another name`);
  }
  const itemsPath = `${path}.for_each.items`;
  const expression = compileExpression(source, { compiler, names, path: itemsPath, report });
  const type = expression?.type ?? DYN;
  if (type !== DYN && type.kind !== 'list') report(itemsPath, `must be a list, not ${type}`);
  const items = expression ?? {
    ...{ source, used: new Set<string>(), type: DYN },
    evaluate: () => null,
  };
  return {
    as,
    element: type.kind === 'list' ? type.element : DYN,
    compiled: {
      items,
      as,
      maxInFlight: maxInFlight || undefined,
      optionalItems: forEach?.optionalItems ?? false,
    },
  };
}

interface RequestOptions {
  readonly value: Record<string, unknown> | undefined;
  readonly method: CompiledMethod;
  readonly path: string;
  readonly names: Scope['names'];
  readonly compilation: StepCompilation;
}

function compileRequest({ value, method, path, names, compilation }: RequestOptions): Template {
  const { compiler, report } = compilation;
  const json = (value ?? {}) as JsonValue;
  const template = compileTemplate(json, { compiler, names, path, report });
  const { registered } = method;
  if (registered) {
    checkShape(json, registered.descriptor.input, { path, types: template.types, report });
  }
  return template;
}

function compileUndo(
  { id, undo, forEach }: Step,
  path: string,
  scope: {
    readonly names: Map<string, CelType>;
    readonly ownType: CelType;
    readonly compilation: StepCompilation;
  },
): CompiledUndo {
  const { compilation } = scope;
  const method = compilation.methodOf(undo?.method ?? '', `${path}.undo.method`);
  // What is undone is one call, also of a step that makes one for each element.
  const own = forEach && scope.ownType.kind === 'list' ? scope.ownType.element : scope.ownType;
  const names = new Map(scope.names).set(id, own);
  const request = compileRequest({
    value: undo?.request,
    method,
    path: `${path}.undo.request`,
    names,
    compilation,
  });
  return { method, request, readsOwnResult: request.used.has(id) };
}

function checkRepetition(
  { hedge, retry }: Step,
  path: string,
  { method, report }: { method: CompiledMethod; report: StepCompilation['report'] },
) {
  const isSafe = method.registered?.repetition !== 'unspecified';
  const refuse = (what: string): void =>
    report(
      `${path}.${what}`,
      `${method.name} declares no idempotency_level, so that it is called at most once: leave ${what} out, or declare the method IDEMPOTENT or NO_SIDE_EFFECTS if it is`,
    );
  if (hedge && !isSafe) refuse('hedge');
  if (retry && retry.maxAttempts > 1 && !isSafe) refuse('retry');
  const delayMs = hedge?.delay ? durationToMs(hedge.delay) : 'p95';
  if (typeof delayMs === 'number' && delayMs < 0)
    report(`${path}.hedge.delay`, 'must not be negative');
  return {
    hedge: hedge && ({ delayMs } as const),
    retry: retry && retry.maxAttempts > 1 ? retry.maxAttempts : undefined,
  };
}

/** The type of what a step gives: its method's reply, or a list of them. */
export function resultType(step: Step, reply: CelType): CelType {
  return step.forEach ? listType(reply) : reply;
}
