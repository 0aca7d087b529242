import { CelScalar, type CelType, type CelValue } from '@bufbuild/cel';
import type { JsonValue, Registry } from '@bufbuild/protobuf';
import { charge, CostExceeded, onBudget, type Budget } from '../cel/budget.ts';
import type { Expression, ExpressionCompiler, Variables } from '../cel/expression.ts';
import { ExpressionFailed } from '../cel/expression.ts';
import type { Scope } from '../cel/infer.ts';
import { jsonFromCel } from '../cel/json.ts';
import { ExpressionInvalid } from '../cel/syntax.ts';
import { maxDepth } from '../limits.ts';
import { pathTo } from '../path.ts';
import { splitText, UnclosedExpression, type TextPart } from './split.ts';

type Node =
  | { readonly kind: 'literal'; readonly value: JsonValue }
  | { readonly kind: 'expression'; readonly path: string; readonly expression: Expression }
  | {
      readonly kind: 'text';
      readonly path: string;
      readonly parts: readonly (string | Expression)[];
    }
  | { readonly kind: 'list'; readonly items: readonly Node[] }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [string, Node])[] };

/** A JSON value with expressions in it. */
export interface Template {
  /** The names that its expressions use. */
  readonly used: ReadonlySet<string>;
  /** The types of the values that are expressions, by their paths: what a text gives is a string. */
  readonly types: ReadonlyMap<string, CelType>;
  /** Its value. Throws `TemplateFailed`, with the place. */
  evaluate(variables: Variables, budget: Budget): JsonValue;
}

/** What it takes to compile a template. */
export interface TemplateOptions {
  readonly compiler: ExpressionCompiler;
  readonly names: Scope['names'];
  readonly path: string;
  readonly report: (path: string, problem: string) => void;
}

/** A value that cannot be made of what was given, and where it would have stood. */
export class TemplateFailed extends Error {
  override readonly name = 'TemplateFailed';
  readonly path: string;

  constructor(path: string, cause: unknown) {
    super(`${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.path = path;
  }
}

/** Compiles a value whose texts may hold `${ … }`. What is wrong is reported with its place. */
export function compileTemplate(value: JsonValue, options: TemplateOptions): Template {
  const { compiler } = options;
  const used = new Set<string>();
  const types = new Map<string, CelType>();
  const expressionOf = (source: string, path: string): Expression | undefined => {
    const expression = compileExpression(source, { ...options, path });
    expression?.used.forEach((name) => used.add(name));
    return expression;
  };
  const textNode = (text: string, path: string): Node => {
    const parts = partsOf(text, (problem) => options.report(path, problem));
    const [first] = parts;
    if (parts.every((part) => 'text' in part)) {
      return { kind: 'literal', value: parts.map((part) => part.text).join('') };
    }
    if (parts.length === 1 && first && 'expression' in first) {
      const expression = expressionOf(first.expression, path);
      types.set(path, expression?.type ?? CelScalar.DYN);
      return expression
        ? { kind: 'expression', path, expression }
        : { kind: 'literal', value: null };
    }
    types.set(path, CelScalar.STRING);
    const compiled = parts.map((part) => {
      return 'text' in part ? part.text : (expressionOf(part.expression, path) ?? '');
    });
    for (const part of compiled) {
      if (typeof part === 'string' || part.type.kind === 'scalar') continue;
      if (isMoment(part.type)) continue;
      options.report(
        path,
        `a ${part.type} has no place inside a text: let it stand alone, or use string()`,
      );
    }
    return { kind: 'text', path, parts: compiled };
  };
  const nodeOf = (part: JsonValue, path: string, depth: number): Node => {
    if (depth > maxDepth) {
      options.report(path, `nested deeper than ${maxDepth}`);
      return { kind: 'literal', value: null };
    }
    if (typeof part === 'string') return textNode(part, path);
    if (typeof part !== 'object' || part === null) return { kind: 'literal', value: part };
    if (Array.isArray(part)) {
      const items = part.map((item, index) => nodeOf(item, pathTo(path, index), depth + 1));
      return { kind: 'list', items };
    }
    const entries = Object.entries(part).map(
      ([key, item]) => [key, nodeOf(item, pathTo(path, key), depth + 1)] as const,
    );
    return { kind: 'object', entries };
  };
  const root = nodeOf(value, options.path, 0);
  return {
    used,
    types,
    evaluate: (variables, budget) =>
      onBudget(budget, () =>
        evaluateNode(root, { variables, budget, registry: compiler.registry }),
      ),
  };
}

/** Compiles one expression; undefined when it is no CEL, which is reported. */
export function compileExpression(
  source: string,
  options: TemplateOptions,
): Expression | undefined {
  const { compiler, names, path, report } = options;
  if (source.startsWith('${')) {
    report(path, 'is an expression as it stands: leave ${ } out');
    return undefined;
  }
  try {
    return compiler.compile(source, names, (problem) => report(path, problem));
  } catch (error) {
    if (!(error instanceof ExpressionInvalid)) throw error;
    report(path, error.message);
    return undefined;
  }
}

function partsOf(text: string, report: (problem: string) => void): TextPart[] {
  try {
    return splitText(text);
  } catch (error) {
    if (!(error instanceof UnclosedExpression)) throw error;
    report(`${error.message}; write $\${ for a $\{ that is meant as it is`);
    return [{ text }];
  }
}

interface Evaluation {
  readonly variables: Variables;
  readonly budget: Budget;
  readonly registry: Registry;
}

function evaluateNode(node: Node, evaluation: Evaluation): JsonValue {
  charge(1);
  switch (node.kind) {
    case 'literal':
      return node.value;
    case 'list':
      return node.items.map((item) => evaluateNode(item, evaluation));
    case 'object':
      return Object.fromEntries(
        node.entries.map(([key, item]) => [key, evaluateNode(item, evaluation)]),
      );
    case 'expression':
      return attempt(node.path, () =>
        jsonFromCel(valueOf(node.expression, evaluation), evaluation.registry),
      );
    case 'text':
      return attempt(node.path, () => node.parts.map((part) => textOf(part, evaluation)).join(''));
  }
}

const valueOf = (expression: Expression, { variables, budget }: Evaluation): CelValue =>
  expression.evaluate(variables, budget);

function textOf(part: string | Expression, evaluation: Evaluation): string {
  if (typeof part === 'string') return part;
  const value = jsonFromCel(valueOf(part, evaluation), evaluation.registry);
  if (typeof value !== 'object') return String(value);
  const what = value === null ? 'null' : Array.isArray(value) ? 'a list' : 'an object';
  throw new ExpressionFailed(`${what} has no place inside a text`);
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    // Where the work ran out says nothing: any part may have used it up.
    if (error instanceof CostExceeded) throw error;
    throw new TemplateFailed(path, error);
  }
}

const isMoment = ({ name }: CelType): boolean =>
  name === 'google.protobuf.Timestamp' || name === 'google.protobuf.Duration';
