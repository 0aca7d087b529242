/** What expressions find beside the steps. */
const offered = ['input', 'trace'];

/** What CEL has under these names, or keeps for later, and what the functions' namespaces are. */
const taken = [
  ...'true false null in as break const continue else for function if import let loop'.split(' '),
  ...'package namespace return var void while'.split(' '),
  ...'int uint double bool string bytes list map null_type type dyn'.split(' '),
  ...'math lists strings cel google'.split(' '),
  ...'signal budgetMs'.split(' '),
];

/** What is wrong with a name for a step or an element, if anything. */
export function nameProblem(name: string): string | undefined {
  if (offered.includes(name)) return `${name} is what expressions call the plan's own ${name}`;
  return taken.includes(name) ? `${name} is a reserved word: take another name` : undefined;
}

const scheme = /^(unix|unix-abstract|https?|dns|grpcs?|ipv4|ipv6|xds|tcp|vsock|file):/i;
const hostAndPort = /^(\[[0-9a-f:.]+\]|[\w.-]+):\d+/i;
const numbers = /^\d+\.\d+\.\d+\.\d+/;

/** Whether a text is an address, such as `unix:/x`, `http://…`, `host:50051` or `10.0.0.1`. */
export function isAddress(text: string): boolean {
  return [scheme, hostAndPort, numbers].some((form) => form.test(text)) || /^\/\/|^\//.test(text);
}

/** What a plan that names an address is told. */
export const addressProblem = (text: string): string =>
  `${JSON.stringify(text.slice(0, 100))} is an address: a plan names registered methods, as package.Service/Method, and never says where they are`;
