/** Services that belong to gRPC itself: nobody calls them through a registry. */
const infrastructure = /^grpc\.(health|reflection|channelz)\./;

/**
 * Tells which methods may be called: those whose name (`package.Service/Method`) fits a pattern, in which `*` stands for
 * any text. gRPC's own services fit none.
 */
export function createMethodFilter(patterns: readonly string[]): (name: string) => boolean {
  const parts = patterns.map((pattern) =>
    pattern
      .split('*')
      .map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
      .join('.*'),
  );
  const rule = new RegExp(`^(${parts.join('|')})$`);
  return (name) => rule.test(name) && !infrastructure.test(name);
}
