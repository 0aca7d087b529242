import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = 'google/protobuf/struct.ts';

const generated = `    const object: { [key: string]: any } = {};
    if (message.fields) {
      for (const key of message.fields.keys()) {
        object[key] = message.fields.get(key);
      }
    }
    return object;
`;

const hardened = `    return globalThis.Object.fromEntries(message.fields ?? []);
`;

/**
 * Makes the fields of a `google.protobuf.Struct` what they are in JSON: properties of the object
 * itself. ts-proto assigns them, so that one named `__proto__` would give the object a prototype of
 * its sender's choice. Throws when the generated code is not the one that is known.
 */
export function keepStructKeys(folder: string): void {
  const path = join(folder, FILE);
  const code = readFileSync(path, 'utf8');
  if (code.split(generated).length !== 2) {
    throw new Error(`ts-proto reads ${FILE} in another way now: see struct-keys.ts`);
  }
  writeFileSync(path, code.replace(generated, hardened));
}
