import { isCelList, isCelMap, type CelValue } from '@bufbuild/cel';
import { toBinary } from '@bufbuild/protobuf';
import { isReflectMessage, type ReflectMessage } from '@bufbuild/protobuf/reflect';
import { charge } from './budget.ts';

/** How much text counts as one unit of work. */
const CHARACTERS_PER_UNIT = 32;

/** What looking at a value costs: several are looked at in the time of one turn of a macro. */
const UNITS_PER_VALUE = 0.25;

const messageWeights = new WeakMap<object, number>();

/**
 * Charges for going over a value and everything in it. Parts that are shared count as often as they
 * are met: a value of a few objects may stand for a tree without end.
 */
export function chargeDeep(value: CelValue | undefined, depth = 0): void {
  charge(UNITS_PER_VALUE);
  if (typeof value === 'string') return charge(value.length / CHARACTERS_PER_UNIT);
  if (typeof value !== 'object' || value === null) return;
  if (depth > 200) return charge(Infinity);
  if (isCelList(value)) for (const element of value) chargeDeep(element, depth + 1);
  else if (isCelMap(value)) for (const [, entry] of value) chargeDeep(entry, depth + 1);
  else if (isReflectMessage(value)) charge(messageWeight(value));
  else if (value instanceof Uint8Array) charge(value.length / CHARACTERS_PER_UNIT);
}

/** Charges for a value as it is: for the length of texts and lists, whatever is in them. */
export function chargeShallow(value: CelValue | undefined): void {
  if (typeof value === 'string') charge(value.length / CHARACTERS_PER_UNIT);
  else if (value instanceof Uint8Array) charge(value.length / CHARACTERS_PER_UNIT);
  else if (isCelList(value)) charge(value.size);
}

function messageWeight({ desc, message }: ReflectMessage): number {
  let weight = messageWeights.get(message);
  if (weight === undefined) {
    weight = toBinary(desc, message).length / 8;
    messageWeights.set(message, weight);
  }
  return weight;
}
