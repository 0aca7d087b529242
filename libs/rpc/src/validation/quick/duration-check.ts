import { WireType } from '@bufbuild/protobuf/wire';
import type { Duration } from '@bufbuild/protobuf/wkt';
import { DurationRulesSchema } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import type { DurationRules } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import { boundNames, within } from './bounds.ts';
import type { Bounds } from './bounds.ts';
import { onlyThese } from './only-these.ts';
import { delimited } from './wire-check.ts';
import type { WireCheck } from './wire-check.ts';

/** The tags of `google.protobuf.Duration`. */
const secondsTag = (1 << 3) | WireType.Varint;
const nanosTag = (2 << 3) | WireType.Varint;
const nanosOfSecond = 1_000_000_000;

/** The check of a `google.protobuf.Duration` from 0 on; undefined for rules that say more than bounds. */
export function durationCheck(rules: DurationRules): WireCheck | undefined {
  if (!onlyThese(DurationRulesSchema, rules, boundNames)) return undefined;
  const isAllowed = within(rules as Bounds<Duration>, toNanos);
  if (!isAllowed) return undefined;
  return delimited((cursor, end) => {
    let [seconds, nanos] = [0, 0];
    while (cursor.at < end) {
      const tag = cursor.varint();
      const value = cursor.varint();
      if (value < 0) return false;
      if (tag === secondsTag) seconds = value;
      else if (tag === nanosTag && value < nanosOfSecond) nanos = value;
      else return false;
    }
    const total = seconds * nanosOfSecond + nanos;
    return cursor.at === end && Number.isSafeInteger(total) && isAllowed(total);
  });
}

function toNanos({ seconds, nanos }: Duration): number {
  return Number(seconds) * nanosOfSecond + nanos;
}
