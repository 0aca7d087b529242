import type { Methods, RegisteredMethod } from '@trivium/registry';
import { nearest } from '../nearest.ts';

/** How many methods are listed for one that is not among them. */
const MAX_LISTED = 8;

/**
 * The unary method of this name, or undefined, with what is wrong told to `report`: that it is not
 * there only if all methods are known.
 */
export function findMethod(
  name: string,
  { methods, allKnown }: { readonly methods: Methods; readonly allKnown: boolean },
  report: (problem: string) => void,
): RegisteredMethod | undefined {
  const method = methods.find(name);
  if (!method) {
    if (allKnown) report(unknownMethod(name, methods));
    return undefined;
  }
  if (method.descriptor.methodKind !== 'unary') {
    const unary = methods
      .list()
      .filter(({ descriptor }) => descriptor.methodKind === 'unary')
      .map((other) => other.name);
    const near = nearest(name, unary);
    report(`${name} streams; a plan calls unary methods only${near ? `, such as ${near}` : ''}`);
    return undefined;
  }
  return method;
}

function unknownMethod(name: string, methods: Methods): string {
  const known = methods.list().map((method) => method.name);
  const near = nearest(name, known);
  if (near) return `no method ${name} is registered; did you mean ${near}?`;
  if (known.length === 0) return `no method ${name} is registered: no backend is`;
  const service = name.slice(0, name.indexOf('/') + 1);
  const ofService = known.filter((other) => other.startsWith(service));
  const listed = service && ofService.length > 0 ? ofService : known;
  const more = listed.length > MAX_LISTED ? `, and ${listed.length - MAX_LISTED} more` : '';
  return `no method ${name} is registered; there are ${listed.slice(0, MAX_LISTED).join(', ')}${more}`;
}
