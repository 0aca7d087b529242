import { CelScalar, listType, mapType, objectType, type CelType } from '@bufbuild/cel';
import type { Registry } from '@bufbuild/protobuf';
import { didYouMean } from '../nearest.ts';
import { fieldType, messageType } from './field-type.ts';
import { functions } from './metered-functions.ts';
import { qualifiedName, type Call, type Comprehension, type Expr } from './syntax.ts';

const { BOOL, BYTES, DOUBLE, DYN, INT, NULL, STRING, TYPE, UINT } = CelScalar;
const typeNames = 'int uint double bool string bytes list map null_type type'.split(' ');

/** What is known where an expression stands. */
export interface Scope {
  /** The names that it may use, with the types of their values. */
  readonly names: ReadonlyMap<string, CelType>;
  /** The messages and enums that it may name. */
  readonly registry: Registry;
}

/** What an expression turned out to be. */
export interface Inferred {
  /** The type of its value; `dyn` where that is known only when it is evaluated. */
  readonly type: CelType;
  /** The names of its scope that it uses. */
  readonly used: ReadonlySet<string>;
  /** What is wrong with it, and what would be right. */
  readonly problems: readonly string[];
}

/** Infers the type of an expression, and finds names, fields and functions that do not exist. */
export function infer(expr: Expr, scope: Scope): Inferred {
  const inference = new Inference(scope);
  const type = settled(inference.typeOf(expr, new Map()));
  return { type, used: inference.used, problems: [...inference.problems] };
}

type Locals = ReadonlyMap<string, CelType>;

class Inference {
  readonly used = new Set<string>();
  readonly problems = new Set<string>();
  readonly #scope: Scope;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  typeOf(expr: Expr | undefined, locals: Locals): CelType {
    if (!expr) return DYN;
    const { exprKind } = expr;
    switch (exprKind.case) {
      case 'constExpr':
        return constantTypes[exprKind.value.constantKind.case ?? ''] ?? DYN;
      case 'identExpr':
        return this.#nameType(exprKind.value.name, locals);
      case 'selectExpr':
        return this.#selectType(expr, locals);
      case 'callExpr':
        return this.#callType(exprKind.value, locals);
      case 'listExpr':
        return listType(
          exprKind.value.elements.map((part) => this.typeOf(part, locals)).reduce(join, ANY_YET),
        );
      case 'structExpr':
        return this.#structType(exprKind.value, locals);
      case 'comprehensionExpr':
        return this.#foldType(exprKind.value, locals);
      default:
        return DYN;
    }
  }

  #nameType(written: string, locals: Locals): CelType {
    const name = written.replace(/^\./, '');
    const local = locals.get(name);
    if (local) return local;
    const type = this.#scope.names.get(name);
    if (type) {
      this.used.add(name);
      return type;
    }
    if (typeNames.includes(name) || this.#scope.registry.getMessage(name)) return TYPE;
    const known = [...locals.keys(), ...this.#scope.names.keys()].filter((n) => !n.includes('@'));
    const listed = known.length > 12 ? `${known.slice(0, 12).join(', ')}, …` : known.join(', ');
    this.problems.add(
      `nothing is called ${name} here${didYouMean(name, known) || `; there are ${listed || 'no names'}`}`,
    );
    return DYN;
  }

  #selectType(expr: Expr, locals: Locals): CelType {
    if (expr.exprKind.case !== 'selectExpr') return DYN;
    const { operand, field, testOnly } = expr.exprKind.value;
    const constant = this.#constantType(expr, locals);
    if (constant) return constant;
    const of = this.typeOf(operand, locals);
    const type = this.#memberType(of, field);
    return testOnly ? BOOL : type;
  }

  /** The type of `package.Enum.VALUE` or `package.Message`, if no variable hides it. */
  #constantType(expr: Expr, locals: Locals): CelType | undefined {
    const name = qualifiedName(expr)?.replace(/^\./, '');
    if (name === undefined) return undefined;
    const root = name.slice(0, name.indexOf('.'));
    if (locals.has(root) || this.#scope.names.has(root)) return undefined;
    const { registry } = this.#scope;
    if (registry.getMessage(name)) return TYPE;
    const dot = name.lastIndexOf('.');
    const values = registry.getEnum(name.slice(0, dot))?.values;
    if (!values) return undefined;
    const value = name.slice(dot + 1);
    if (!values.some((known) => known.name === value)) {
      const known = values.map((other) => other.name);
      this.problems.add(`${name.slice(0, dot)} has no value ${value}${didYouMean(value, known)}`);
    }
    return INT;
  }

  #memberType(of: CelType, field: string): CelType {
    if (of.kind === 'map') return of.value;
    if (of.kind === 'object' && of.desc) {
      const { fields, typeName } = of.desc;
      const found = fields.find(({ name }) => name === field);
      if (found) return fieldType(found);
      const names = fields.map(({ name }) => name);
      const hint = didYouMean(field, names) || `; it has ${names.join(', ') || 'no fields'}`;
      this.problems.add(`${typeName} has no field ${field}${hint}`);
    } else if (of.kind === 'list') {
      this.problems.add(`a list has no field ${field}: take an element, as in list[0], or map it`);
    } else if (of.kind === 'scalar' && of !== DYN && of !== NULL) {
      this.problems.add(`${of.name} has no field ${field}`);
    }
    return DYN;
  }

  #callType(call: Call, locals: Locals): CelType {
    const { function: name, args, target } = call;
    const namespace = target && qualifiedName(target);
    const qualified = `${namespace}.${name}`;
    const isQualified = namespace !== undefined && functions.find(qualified) !== undefined;
    const given = [...(target && !isQualified ? [target] : []), ...args].map((arg) =>
      this.typeOf(arg, locals),
    );
    const special = specialTypes[name]?.(given);
    if (special) {
      if (typeof special !== 'string') return special;
      this.problems.add(special);
      return DYN;
    }
    const full = isQualified ? qualified : name;
    const group = functions.find(full);
    if (!group) {
      const known = new Set([...functions].map((func) => func.name));
      const near = didYouMean(
        full,
        [...known].filter((other) => /^[a-z]/.test(other)),
      );
      this.problems.add(`there is no function ${full}${near}`);
      return DYN;
    }
    const isMethod = target !== undefined && !isQualified;
    const fitting = [...group].filter((func) => {
      const wanted = [...(func.target ? [func.target] : []), ...func.arguments];
      if ((func.target !== undefined) !== isMethod || wanted.length !== given.length) return false;
      return wanted.every((type, index) => fits(given[index]!, type));
    });
    if (fitting.length === 0) {
      this.problems.add(`${readable(full)} does not take (${given.join(', ')})`);
      return DYN;
    }
    const results = new Set(fitting.map(({ result }) => result.name));
    const [first] = fitting;
    if (results.size > 1) return DYN;
    return resultTypes[full]?.(given) ?? first!.result;
  }

  #structType(
    { messageName, entries }: Extract<Expr['exprKind'], { case: 'structExpr' }>['value'],
    locals: Locals,
  ): CelType {
    const values = entries.map(({ value }) => this.typeOf(value, locals));
    for (const { keyKind } of entries) {
      if (keyKind.case === 'mapKey') this.typeOf(keyKind.value, locals);
    }
    if (messageName === '') return mapType(STRING, values.length > 0 ? values.reduce(join) : DYN);
    const desc = this.#scope.registry.getMessage(messageName.replace(/^\./, ''));
    if (!desc) {
      this.problems.add(`no message is called ${messageName}`);
      return DYN;
    }
    for (const { keyKind } of entries) {
      if (keyKind.case === 'fieldKey') this.#memberType(objectType(desc), keyKind.value);
    }
    return messageType(desc);
  }

  #foldType(fold: Comprehension, locals: Locals): CelType {
    const range = this.typeOf(fold.iterRange, locals);
    let element: CelType = DYN;
    if (range.kind === 'list') element = range.element;
    else if (range.kind === 'map') element = range.key;
    else if (range !== DYN) this.problems.add(`${range} is no list: it cannot be gone through`);
    const initial = this.typeOf(fold.accuInit, locals);
    const inner = new Map(locals).set(fold.iterVar, element).set(fold.accuVar, initial);
    this.typeOf(fold.loopCondition, inner);
    const step = this.typeOf(fold.loopStep, inner);
    const accu = initial.kind === 'list' ? step : initial;
    return this.typeOf(fold.result, new Map(locals).set(fold.accuVar, accu));
  }
}

/** The element of a list that has none yet: it becomes the type of whatever is added. */
const ANY_YET: CelType = mapType(STRING, TYPE);

function settled(type: CelType): CelType {
  if (type === ANY_YET) return DYN;
  return type.kind === 'list' && settled(type.element) !== type.element
    ? listType(settled(type.element))
    : type;
}

const constantTypes: Readonly<Record<string, CelType>> = {
  nullValue: NULL,
  boolValue: BOOL,
  int64Value: INT,
  uint64Value: UINT,
  doubleValue: DOUBLE,
  stringValue: STRING,
  bytesValue: BYTES,
};

/** What the evaluator does itself: the type, or what is wrong. */
const specialTypes: Readonly<
  Record<string, ((given: readonly CelType[]) => CelType | string | undefined) | undefined>
> = {
  '_&&_': (given) => wantBools(given, '&&') ?? BOOL,
  '_||_': (given) => wantBools(given, '||') ?? BOOL,
  '@not_strictly_false': () => BOOL,
  '_?_:_': ([condition, yes, no]) => wantBools([condition!], 'a condition') ?? join(yes!, no!),
  '_[_]': ([of, key]) => {
    if (of!.kind === 'list') {
      return key === STRING ? 'a list has numbers as places, not texts' : of!.element;
    }
    return of!.kind === 'map' ? of!.value : DYN;
  },
  '_+_': ([left, right]) =>
    left?.kind === 'list' && right?.kind === 'list'
      ? listType(join(left.element, right.element))
      : undefined,
};

const elementOf = ([list]: readonly CelType[]): CelType =>
  list?.kind === 'list' ? list.element : DYN;
const same = ([first]: readonly CelType[]): CelType => first ?? DYN;

/** Results that follow from the types of what is given. */
const resultTypes: Readonly<Record<string, ((given: readonly CelType[]) => CelType) | undefined>> =
  {
    sort: same,
    '@sortBy': same,
    reverse: same,
    slice: same,
    distinct: same,
    sum: elementOf,
    'math.least': (given) => (given.length === 1 ? elementOf(given) : given.reduce(join)),
    'math.greatest': (given) => (given.length === 1 ? elementOf(given) : given.reduce(join)),
    'lists.range': () => listType(INT),
    split: () => listType(STRING),
  };

function wantBools(given: readonly CelType[], who: string): string | undefined {
  const wrong = given.find((type) => type !== BOOL && type !== DYN);
  return wrong && `${who} takes true or false, not ${wrong}`;
}

function fits(given: CelType, wanted: CelType): boolean {
  return given === DYN || wanted.name === 'dyn' || given.name === wanted.name;
}

/** The type of a value that is one or the other. */
function join(one: CelType, other: CelType): CelType {
  if (one === ANY_YET || one === NULL) return other;
  if (other === ANY_YET || other === NULL) return one;
  if (one.kind === 'list' && other.kind === 'list')
    return listType(join(one.element, other.element));
  if (one.kind === 'map' && other.kind === 'map')
    return mapType(STRING, join(one.value, other.value));
  return one.name === other.name ? one : DYN;
}

const readable = (name: string): string =>
  name.replace(/^[@_]+|_+$/g, '').replace('_?_', '?') || name;
