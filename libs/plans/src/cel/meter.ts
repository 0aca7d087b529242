import { functions, meteredName } from './metered-functions.ts';
import {
  callOf,
  mapParts,
  qualifiedName,
  type Call,
  type Comprehension,
  type Expr,
} from './syntax.ts';

/** What the evaluator does itself, without a function. */
const builtIn = new Set([
  ...['_[_]', '_[?_]', '_?._', '_?_:_', '_&&_', '_||_'],
  ...['@not_strictly_false', '__not_strictly_false__'],
]);

/**
 * The same expression, with every call and every turn of a fold charged to the budget, so that none
 * of them runs without end.
 */
export function meter(expr: Expr): Expr {
  const inner = mapParts(expr, meter);
  const { id, exprKind } = inner;
  if (exprKind.case === 'callExpr') return meterCall(id, exprKind.value);
  if (exprKind.case === 'comprehensionExpr') return meterFold(inner, exprKind.value);
  return inner;
}

function meterCall(id: bigint, call: Call): Expr {
  const { target, args } = call;
  if (builtIn.has(call.function) || call.function.startsWith('@metered:')) {
    return callOfTarget(id, call);
  }
  const namespace = target && qualifiedName(target);
  const qualified = `${namespace}.${call.function}`;
  if (namespace !== undefined && functions.find(qualified)) {
    return callOf(id, meteredName(qualified), args);
  }
  return callOfTarget(id, { ...call, function: meteredName(call.function) });
}

function callOfTarget(id: bigint, call: Call): Expr {
  const expr = callOf(id, call.function, call.args);
  if (expr.exprKind.case === 'callExpr') expr.exprKind.value.target = call.target;
  return expr;
}

function meterFold(expr: Expr, fold: Comprehension): Expr {
  const { accuInit, loopCondition, loopStep } = fold;
  const { id } = expr;
  const grows = accuInit?.exprKind.case === 'listExpr' && isEmptyList(accuInit);
  const value = {
    ...fold,
    loopCondition: loopCondition && callOf(id, '@tick', [loopCondition]),
    accuInit: grows ? callOf(id, '@list', []) : accuInit,
    loopStep: grows && loopStep ? appending(loopStep, fold.accuVar) : loopStep,
  };
  return { ...expr, exprKind: { case: 'comprehensionExpr', value } };
}

const isEmptyList = ({ exprKind }: Expr): boolean =>
  exprKind.case === 'listExpr' && exprKind.value.elements.length === 0;

/** `accu + [x]`, which `map` and `filter` become, as growing in place: a copy each time is a square. */
function appending(step: Expr, accuVar: string): Expr {
  if (step.exprKind.case !== 'callExpr') return step;
  const call = step.exprKind.value;
  const { args } = call;
  if (call.function === '_?_:_') {
    return callOf(step.id, '_?_:_', [args[0]!, appending(args[1]!, accuVar), args[2]!]);
  }
  const [accu, added] = args;
  const isAccu = accu?.exprKind.case === 'identExpr' && accu.exprKind.value.name === accuVar;
  if (call.function !== meteredName('_+_') || !isAccu) return step;
  const elements = added?.exprKind.case === 'listExpr' ? added.exprKind.value.elements : [];
  return elements.length === 1 ? callOf(step.id, '@append', [accu, elements[0]!]) : step;
}
