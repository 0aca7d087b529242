import { isFieldSet } from '@bufbuild/protobuf';
import type { DescMessage, MessageShape } from '@bufbuild/protobuf';

/** Which rules are set, by name; undefined when there are others than these among them. */
export function onlyThese<Desc extends DescMessage>(
  schema: Desc,
  rules: MessageShape<Desc>,
  names: readonly string[],
): ReadonlySet<string> | undefined {
  if (rules.$unknown !== undefined) return undefined;
  const set = schema.fields.filter((field) => isFieldSet(rules, field));
  return set.every(({ localName }) => names.includes(localName))
    ? new Set(set.map(({ localName }) => localName))
    : undefined;
}
