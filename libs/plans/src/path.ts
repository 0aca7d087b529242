/** The path of a field or of an element: `steps[2]`, `request.items`, `labels["a b"]`. */
export function pathTo(parent: string, key: string | number): string {
  if (typeof key === 'number') return `${parent}[${key}]`;
  if (!/^[A-Za-z_@][\w@-]*$/.test(key)) return `${parent}[${JSON.stringify(key)}]`;
  return parent ? `${parent}.${key}` : key;
}

/** The path of whatever holds what this path leads to; undefined at the top. */
export function parentOf(path: string): string | undefined {
  if (path === '') return undefined;
  const cut = path.endsWith('"]')
    ? path.lastIndexOf('["')
    : Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
  return cut <= 0 ? '' : path.slice(0, cut);
}
