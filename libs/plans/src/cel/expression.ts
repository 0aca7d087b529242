import { celEnv, isCelError, plan as prepare } from '@bufbuild/cel';
import type { CelEnv, CelType, CelValue } from '@bufbuild/cel';
import type { Registry } from '@bufbuild/protobuf';
import { CostExceeded, onBudget, type Budget } from './budget.ts';
import { infer, type Scope } from './infer.ts';
import { meter } from './meter.ts';
import { meteredFunctions } from './metered-functions.ts';
import { ExpressionInvalid, parseExpression } from './syntax.ts';

/** What expressions find under their names. */
export type Variables = Readonly<Record<string, CelValue>>;

/** An expression that can be evaluated any number of times. */
export interface Expression {
  readonly source: string;
  /** The names that it uses: the plan's `input`, steps, elements. */
  readonly used: ReadonlySet<string>;
  /** The type of its value; `dyn` where only evaluation tells. */
  readonly type: CelType;
  /** Its value. Throws `ExpressionFailed`, and `CostExceeded` when the budget is used up. */
  evaluate(variables: Variables, budget: Budget): CelValue;
}

/** An expression that has no value for what it was given. */
export class ExpressionFailed extends Error {
  override readonly name = 'ExpressionFailed';
}

/** What compiles expressions that may name the messages of a registry. */
export interface ExpressionCompiler {
  readonly registry: Registry;
  /**
   * Compiles an expression. Throws `ExpressionInvalid` for what is no CEL; what is wrong in meaning
   * is told to `report`.
   */
  compile(source: string, names: Scope['names'], report: (problem: string) => void): Expression;
}

/**
 * Creates a compiler of expressions over the messages of a registry, which have no more than so many
 * characters together: compiling takes a few microseconds for each.
 */
export function createExpressionCompiler(
  registry: Registry,
  maxCharacters = Infinity,
): ExpressionCompiler {
  let characters = 0;
  // Once it is needed: an environment takes a fraction of a millisecond and some memory.
  let env: CelEnv | undefined;
  return {
    registry,
    compile(source, names, report) {
      characters += source.length;
      if (characters > maxCharacters) {
        throw new ExpressionInvalid(
          `the plan has more than ${maxCharacters} characters of expressions; split the plan`,
        );
      }
      const parsed = parseExpression(source);
      const { type, used, problems } = infer(parsed, { names, registry });
      problems.forEach(report);
      env ??= celEnv({ registry, funcs: meteredFunctions });
      let evaluate: ReturnType<typeof prepare>;
      try {
        evaluate = prepare(env, meter(parsed));
      } catch (error) {
        throw new ExpressionInvalid(error instanceof Error ? error.message : String(error));
      }
      return {
        source,
        used,
        type,
        evaluate: (variables, budget) => run(evaluate, { variables, budget, used }),
      };
    },
  };
}

function run(
  evaluate: ReturnType<typeof prepare>,
  { variables, budget, used }: { variables: Variables; budget: Budget; used: ReadonlySet<string> },
): CelValue {
  const value = onBudget(budget, () => evaluate(variables));
  // An error that arose inside is a value of CEL, which a logical operator may have absorbed.
  if (budget.left < 0) throw new CostExceeded(budget);
  if (!isCelError(value)) return value;
  const missing = [...used].filter((name) => variables[name] === null);
  const hint = missing.length > 0 ? ` (${missing.join(', ')}: null, there is no result)` : '';
  throw new ExpressionFailed(readable(value.message) + hint);
}

function readable(message: string): string {
  return message
    .replace(/^Error: /, '')
    .replace(/'?@metered:([^']*)'?/g, (_, name: string) => name.replace(/^_|_$/g, ''))
    .replace(/^unresolved attribute$/, 'a name in it has no value');
}
