import type { Violation } from '@bufbuild/protovalidate';
import { pathToString } from '@bufbuild/protobuf/reflect';
import { Code } from '../error/code.ts';
import { badRequest } from '../error/details.ts';
import { RpcError } from '../error/rpc-error.ts';

/** How much text is spent on violations, so that they fit into the trailer that carries them. */
const MAX_TEXT_CHARACTERS = 3_000;

/** How the wording of a rule becomes what the caller has to do about it. */
const remedies: readonly (readonly [RegExp, string])[] = [
  [/^value is required$/, 'must be set'],
  [/^value is empty, which is not (?=a valid )/, 'must be '],
  [/^exactly one field is required in oneof$/, 'must have exactly one of its fields set'],
  [/^does not match regex pattern /, 'must match '],
  [/^does not (?=have|contain)/, 'must '],
  [/^contains substring /, 'must not contain '],
  [/^(?:repeated )?value (?=must )/, ''],
];

/**
 * The `INVALID_ARGUMENT` for a request that breaks rules: the message names the first, its
 * `BadRequest` lists each with the path of its field and what would be right. Of very many, as many
 * as a trailer holds.
 */
export function invalidArgument(violations: readonly Violation[]): RpcError {
  const fields = violations.map(({ field, message }) => ({
    field: pathToString(field),
    description: remedies.reduce(
      (text, [wording, remedy]) => text.replace(wording, remedy),
      message,
    ),
  }));
  const [first] = fields;
  const more = fields.length > 1 ? ` (and ${fields.length - 1} more)` : '';
  const message = first ? [first.field, first.description].filter(Boolean).join(': ') : '';
  return new RpcError(Code.INVALID_ARGUMENT, message + more, {
    details: [badRequest(fitting(fields))],
  });
}

function fitting(fields: readonly { field: string; description: string }[]) {
  let characters = 0;
  return fields.filter(({ field, description }) => {
    characters += field.length + description.length;
    return characters <= MAX_TEXT_CHARACTERS;
  });
}
