/** One route, as Fastify tells of it. */
interface Route {
  readonly segments: readonly string[];
  readonly methods: Set<string>;
}

/**
 * The paths that exist, whatever the method: so that a wrong method on a right path is 405 with its methods, and not 404. Where several
 * patterns match, the one with the most fixed segments is meant.
 */
export class RouteTable {
  private readonly routes = new Map<string, Route>();

  add(pattern: string, methods: string | readonly string[]): void {
    const route = this.routes.get(pattern) ?? { segments: segmentsOf(pattern), methods: new Set() };
    for (const method of [methods].flat()) route.methods.add(method);
    this.routes.set(pattern, route);
  }

  /** The methods that a path takes, sorted; none for a path that does not exist. */
  methodsOf(path: string): string[] {
    const segments = segmentsOf(path);
    const matching = [...this.routes.values()].filter((route) => matches(route.segments, segments));
    const fixed = Math.max(...matching.map(countFixed));
    return [...new Set(matching.filter((route) => countFixed(route) === fixed).flatMap(({ methods }) => [...methods]))].sort();
  }
}

function segmentsOf(path: string): string[] {
  return (path.split('?', 1)[0] ?? '').replace(/\/$/, '').split('/');
}

function matches(pattern: readonly string[], path: readonly string[]): boolean {
  return (
    pattern.length === path.length && pattern.every((part, at) => (part.startsWith(':') ? path[at] !== '' : part === path[at]))
  );
}

function countFixed({ segments }: Route): number {
  return segments.filter((segment) => !segment.startsWith(':')).length;
}
