import { parse } from '@bufbuild/cel';
import { maxDepth, maxExpressionCharacters } from '../limits.ts';

/** The syntax tree of an expression, as the parser gives it. */
export type Expr = ReturnType<typeof parse>['expr'];
/** What an expression is: the parts of the syntax tree by their kinds. */
export type ExprKind = Expr['exprKind'];
/** A call of a function, or of a method of `target`. */
export type Call = Extract<ExprKind, { case: 'callExpr' }>['value'];
/** A fold over a list, which is what macros such as `map` become. */
export type Comprehension = Extract<ExprKind, { case: 'comprehensionExpr' }>['value'];

/** What is wrong with an expression as it is written. */
export class ExpressionInvalid extends Error {
  override readonly name = 'ExpressionInvalid';
}

/**
 * Parses an expression, macros included: those of the standard, `list.sortBy(x, key)` and
 * `cel.bind(name, value, body)`. Throws `ExpressionInvalid` for what is no CEL, too long or too deep.
 */
export function parseExpression(source: string): Expr {
  if (source.length > maxExpressionCharacters) {
    throw new ExpressionInvalid(
      `an expression of ${source.length} characters; at most ${maxExpressionCharacters}`,
    );
  }
  let expr;
  try {
    ({ expr } = parse(source));
  } catch (error) {
    throw new ExpressionInvalid(syntaxMessage(error));
  }
  return expandMacros(expr, 0);
}

function syntaxMessage(error: unknown): string {
  if (error instanceof RangeError) return `nested deeper than ${maxDepth}`;
  const { rawMessage, location } = error as {
    rawMessage?: string;
    location?: { start: { column: number } };
  };
  // The parser lists every token that could follow, which is most of them.
  const found = rawMessage?.split(' but expecting')[0] ?? String(error);
  const at = location ? ` at character ${location.start.column}` : '';
  return `not CEL: ${found}${at}`;
}

/** An expression of a kind; its id only serves the messages of errors. */
export function exprOf(id: bigint, exprKind: ExprKind): Expr {
  return { $typeName: 'cel.expr.Expr', id, exprKind };
}

/** A call of a function by its name. */
export function callOf(id: bigint, name: string, args: Expr[]): Expr {
  const value = { $typeName: 'cel.expr.Expr.Call', function: name, args } as Call;
  return exprOf(id, { case: 'callExpr', value });
}

/** `a.b.c` as a name, if it is nothing but selections from an identifier. */
export function qualifiedName({ exprKind }: Expr): string | undefined {
  if (exprKind.case === 'identExpr') return exprKind.value.name;
  if (exprKind.case !== 'selectExpr' || exprKind.value.testOnly) return undefined;
  const { operand, field } = exprKind.value;
  const parent = operand && qualifiedName(operand);
  return parent === undefined ? undefined : `${parent}.${field}`;
}

/** The parts of an expression, each replaced by what `change` makes of it. */
export function mapParts(expr: Expr, change: (part: Expr) => Expr): Expr {
  const { id, exprKind } = expr;
  const changed = (part: Expr | undefined): Expr | undefined => part && change(part);
  switch (exprKind.case) {
    case 'selectExpr': {
      const value = { ...exprKind.value, operand: changed(exprKind.value.operand) };
      return exprOf(id, { case: 'selectExpr', value });
    }
    case 'callExpr': {
      const { target, args } = exprKind.value;
      const value = { ...exprKind.value, target: changed(target), args: args.map(change) };
      return exprOf(id, { case: 'callExpr', value });
    }
    case 'listExpr': {
      const value = { ...exprKind.value, elements: exprKind.value.elements.map(change) };
      return exprOf(id, { case: 'listExpr', value });
    }
    case 'structExpr': {
      const entries = exprKind.value.entries.map((entry) => {
        const { keyKind } = entry;
        const key =
          keyKind.case === 'mapKey'
            ? ({ case: 'mapKey', value: change(keyKind.value) } as const)
            : keyKind;
        return { ...entry, keyKind: key, value: changed(entry.value) };
      });
      return exprOf(id, { case: 'structExpr', value: { ...exprKind.value, entries } });
    }
    case 'comprehensionExpr': {
      const { iterRange, accuInit, loopCondition, loopStep, result } = exprKind.value;
      const value = {
        ...exprKind.value,
        iterRange: changed(iterRange),
        accuInit: changed(accuInit),
        loopCondition: changed(loopCondition),
        loopStep: changed(loopStep),
        result: changed(result),
      };
      return exprOf(id, { case: 'comprehensionExpr', value });
    }
    default:
      return expr;
  }
}

function expandMacros(expr: Expr, depth: number): Expr {
  // A chain of selections or sums is as deep as it is long; a tree of this depth fits every stack.
  if (depth > maxDepth * 8) throw new ExpressionInvalid(`nested deeper than ${maxDepth * 8}`);
  const inner = mapParts(expr, (part) => expandMacros(part, depth + 1));
  if (inner.exprKind.case !== 'callExpr') return inner;
  const { target, function: name, args } = inner.exprKind.value;
  if (name === 'sortBy' && target && args.length === 2) {
    return sorted(inner.id, target, args[0]!, args[1]!);
  }
  const bind = target && name === 'bind' && qualifiedName(target) === 'cel';
  if (bind && args.length === 3) return bound(variable(args[0]!), args[1]!, args[2]!);
  return inner;
}

const ident = (id: bigint, name: string): Expr =>
  exprOf(id, { case: 'identExpr', value: { $typeName: 'cel.expr.Expr.Ident', name } });
const list = (id: bigint, elements: Expr[]): Expr => {
  const $typeName = 'cel.expr.Expr.CreateList' as const;
  return exprOf(id, { case: 'listExpr', value: { $typeName, elements, optionalIndices: [] } });
};
const always = (id: bigint, value: boolean): Expr =>
  exprOf(id, {
    case: 'constExpr',
    value: { $typeName: 'cel.expr.Constant', constantKind: { case: 'boolValue', value } },
  });

function variable(expr: Expr): string {
  const name = expr.exprKind.case === 'identExpr' ? expr.exprKind.value.name : undefined;
  if (name === undefined)
    throw new ExpressionInvalid('a macro needs a plain name for its variable');
  return name;
}

/** `list.sortBy(x, key)`: the list is bound to a name, because it is needed twice and made once. */
function sorted(id: bigint, target: Expr, x: Expr, key: Expr): Expr {
  const name = ident(id, '@sorted');
  return bound('@sorted', target, callOf(id, '@sortBy', [name, mapped(name, x, key)]));
}

/** What the parser makes of `range.map(x, element)`. */
function mapped(range: Expr, x: Expr, element: Expr): Expr {
  const { id } = element;
  return fold(id, {
    iterVar: variable(x),
    iterRange: range,
    accuVar: '@result',
    accuInit: list(id, []),
    loopStep: callOf(id, '_+_', [ident(id, '@result'), list(id, [element])]),
    result: ident(id, '@result'),
  });
}

/** A fold over nothing, whose accumulator is the variable. */
function bound(name: string, value: Expr, body: Expr): Expr {
  const { id } = body;
  return fold(id, {
    iterVar: '@unused',
    iterRange: list(id, []),
    accuVar: name,
    accuInit: value,
    loopStep: ident(id, name),
    result: body,
  });
}

function fold(id: bigint, parts: Partial<Comprehension>): Expr {
  const $typeName = 'cel.expr.Expr.Comprehension' as const;
  const loopCondition = always(id, true);
  const value = { $typeName, iterVar2: '', loopCondition, ...parts } as Comprehension;
  return exprOf(id, { case: 'comprehensionExpr', value });
}
