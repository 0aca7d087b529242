import { celList, type CelValue } from '@bufbuild/cel';
import type { JsonValue } from '@bufbuild/protobuf';
import type { CallByName } from '@trivium/registry';
import type { Budget } from '../cel/budget.ts';
import type { Variables } from '../cel/expression.ts';
import { celFromJson, celFromMessageJson } from '../cel/json.ts';
import type { CompiledPlan, CompiledStep } from '../compile/compiled-plan.ts';
import { responseOf } from './step-value.ts';

/** What one run of a plan knows: its input, how it calls, and what its steps have given so far. */
export class RunContext {
  readonly compiled: CompiledPlan;
  readonly call: CallByName;
  readonly metadata: Readonly<Record<string, string>> | undefined;
  /** The ids of what is undone, or could not be: an undo was called for them. */
  readonly undoing = new Set<string>();
  readonly #input: CelValue;
  readonly #values = new Map<string, CelValue>();
  #left: number;

  constructor(
    compiled: CompiledPlan,
    {
      input,
      call,
      metadata,
    }: {
      readonly input: JsonValue;
      readonly call: CallByName;
      readonly metadata: Readonly<Record<string, string>> | undefined;
    },
  ) {
    this.compiled = compiled;
    this.call = call;
    this.metadata = metadata;
    this.#left = compiled.limits.maxRunCost;
    const { servedMethod, compiler } = compiled;
    this.#input = servedMethod
      ? celFromMessageJson(servedMethod.input, input, compiler.registry)
      : celFromJson(input);
  }

  /** Does something on a budget of its own, within what is left of the run's. */
  spend<T>(work: (budget: Budget) => T): T {
    const limit = Math.min(this.compiled.limits.maxCost, this.#left);
    const budget = { left: limit, limit };
    try {
      return work(budget);
    } finally {
      this.#left -= limit - Math.max(0, budget.left);
    }
  }

  /** `input`, the results of these steps, and more. */
  variables(
    reads: Iterable<string>,
    arrived: Readonly<Record<string, unknown>>,
    more: Variables = {},
  ): Variables {
    const variables: Record<string, CelValue> = { input: this.#input, ...more };
    for (const id of reads) variables[id] = this.#valueOf(id, arrived[id]);
    return variables;
  }

  /** A reply of a step's method as CEL has it. */
  reply({ method }: CompiledStep, response: JsonValue): CelValue {
    const output = method.registered?.descriptor.output;
    if (!output) return celFromJson(response);
    return celFromMessageJson(output, response, this.compiled.compiler.registry);
  }

  #valueOf(id: string, arriving: unknown): CelValue {
    const known = this.#values.get(id);
    if (known !== undefined) return known;
    const step = this.compiled.stepOf.get(id)!;
    const response = responseOf(arriving);
    const value =
      step.forEach && Array.isArray(response)
        ? celList(response.map((element) => this.reply(step, element)))
        : response === null
          ? null
          : this.reply(step, response);
    this.#values.set(id, value);
    return value;
  }
}
