import type { CelType } from '@bufbuild/cel';
import { fromJson, type DescField, type DescMessage, type JsonValue } from '@bufbuild/protobuf';
import { didYouMean } from '../nearest.ts';
import { pathTo } from '../path.ts';
import { nameOf } from './name-of.ts';
import { checkScalar, enumProblem, expressionProblem } from './scalar-shape.ts';

/** What it takes to check a value against a message. */
export interface ShapeOptions {
  readonly path: string;
  /** The types of the parts that are expressions, by their paths. */
  readonly types: ReadonlyMap<string, CelType>;
  readonly report: (path: string, problem: string) => void;
}

/**
 * Checks that a value has the shape of a message in JSON, as far as can be known before there are
 * values for its expressions: fields that exist, literals and expressions of fitting types. Names of
 * fields may be those of the contract or their JSON names.
 */
export function checkShape(value: JsonValue, message: DescMessage, options: ShapeOptions): void {
  checkMessage(value, message, options);
}

function checkMessage(value: JsonValue, desc: DescMessage, options: ShapeOptions): void {
  const { path, types, report } = options;
  const type = types.get(path);
  if (type) {
    const problem = expressionProblem(type, { kind: 'message', message: desc });
    if (problem) report(path, problem);
    return;
  }
  if (isFreeForm(desc.typeName)) return checkFreeForm(value, desc, options);
  if (isWritten(desc.typeName)) return checkWritten(value, desc, options);
  const wrapped = /^google\.protobuf\.\w+Value$/.test(desc.typeName) && desc.fields[0];
  if (wrapped) return checkField(value, wrapped, options);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    report(path, `must be an object, the fields of a ${desc.typeName}, not ${nameOf(value)}`);
    return;
  }
  const set = new Map<string, string>();
  for (const [key, part] of Object.entries(value)) {
    const inner = pathTo(path, key);
    const field = desc.fields.find(({ name, jsonName }) => name === key || jsonName === key);
    if (!field) {
      const names = desc.fields.map(({ name }) => name);
      const known = didYouMean(key, names) || `; it has ${names.join(', ') || 'no fields'}`;
      report(inner, `${desc.typeName} has no field ${key}${known}`);
      continue;
    }
    // In one group of a oneof, or twice under both of its names.
    const group = field.oneof?.name ?? field.name;
    const other = set.get(group);
    if (other !== undefined && part !== null) {
      report(inner, `${other} is set too: only one of the two can be`);
    }
    if (part !== null) set.set(group, key);
    checkField(part, field, { ...options, path: inner });
  }
}

function checkField(value: JsonValue, field: DescField, options: ShapeOptions): void {
  const { path, types, report } = options;
  // Null stands for a field that is not set.
  if (value === null && !types.has(path)) return;
  const type = types.get(path);
  if (type) {
    const problem = expressionProblem(type, { kind: 'field', field });
    if (problem) report(path, problem);
    return;
  }
  switch (field.fieldKind) {
    case 'message':
      return checkMessage(value, field.message, options);
    case 'list': {
      if (!Array.isArray(value)) return report(path, `must be a list, not ${nameOf(value)}`);
      value.forEach((element, index) =>
        checkElement(element, field, { ...options, path: pathTo(path, index) }),
      );
      return;
    }
    case 'map': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        return report(path, `must be an object, a map, not ${nameOf(value)}`);
      }
      for (const [key, element] of Object.entries(value)) {
        const inner = { ...options, path: pathTo(path, key) };
        checkScalar(key, field.mapKey, { ...inner, isKey: true });
        checkElement(element, field, inner);
      }
      return;
    }
    case 'enum': {
      const problem = enumProblem(value, field.enum);
      return problem ? report(path, problem) : undefined;
    }
    case 'scalar':
      return checkScalar(value, field.scalar, { ...options, isKey: false });
  }
}

function checkElement(
  value: JsonValue,
  field: DescField & { fieldKind: 'list' | 'map' },
  options: ShapeOptions,
): void {
  const { path, types, report } = options;
  const type = types.get(path);
  if (type) {
    const problem = expressionProblem(type, { kind: 'element', field });
    if (problem) report(path, problem);
    return;
  }
  if (field.message) return checkMessage(value, field.message, options);
  if (value === null) return report(path, 'must not be null');
  if (field.enum) {
    const problem = enumProblem(value, field.enum);
    if (problem) report(path, problem);
  } else if (field.scalar !== undefined) {
    checkScalar(value, field.scalar, { ...options, isKey: false });
  }
}

const isFreeForm = (typeName: string): boolean =>
  ['Struct', 'Value', 'ListValue', 'Any'].some((name) => typeName === `google.protobuf.${name}`);

function checkFreeForm(value: JsonValue, { typeName }: DescMessage, options: ShapeOptions): void {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (typeName.endsWith('.ListValue') && !Array.isArray(value)) {
    options.report(options.path, `must be a list, not ${nameOf(value)}`);
  } else if (/\.(Struct|Any)$/.test(typeName) && !isObject) {
    options.report(options.path, `must be an object, not ${nameOf(value)}`);
  }
}

/** Messages that JSON has as a text, and how that is written. */
const written: Readonly<Record<string, string>> = {
  'google.protobuf.Duration': 'a duration in seconds, such as "0.5s"',
  'google.protobuf.Timestamp': 'a time as RFC 3339 has it, such as "2030-01-31T12:00:00Z"',
  'google.protobuf.FieldMask': 'names of fields with commas between them',
};

const isWritten = (typeName: string): boolean => Object.hasOwn(written, typeName);

function checkWritten(value: JsonValue, desc: DescMessage, { path, report }: ShapeOptions): void {
  try {
    if (typeof value !== 'string') throw new TypeError('a text is wanted');
    fromJson(desc, value);
  } catch {
    report(path, `must be ${written[desc.typeName]}, not ${nameOf(value)}`);
  }
}
