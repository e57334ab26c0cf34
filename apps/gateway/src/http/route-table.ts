import type { Scope } from '#messaging';

/** One path, as Fastify tells of it. */
interface Route {
  readonly segments: readonly string[];
  /** Each with the scope that it needs. */
  readonly methods: Map<string, Scope | undefined>;
}

/** One method of one path. */
export interface DescribedRoute {
  readonly method: string;
  readonly pattern: string;
  readonly scope: Scope | undefined;
}

/** Fastify adds these by itself: they need no words. */
const IMPLIED: ReadonlySet<string> = new Set(['HEAD', 'OPTIONS']);

/**
 * The paths that exist, whatever the method: so that a wrong method on a right path is 405 with its methods, and not 404. Where several
 * patterns match, the one with the most fixed segments is meant.
 */
export class RouteTable {
  private readonly routes = new Map<string, Route>();

  add(pattern: string, methods: string | readonly string[], scope?: Scope): void {
    const route = this.routes.get(pattern) ?? { segments: segmentsOf(pattern), methods: new Map() };
    for (const method of [methods].flat()) route.methods.set(method, scope);
    this.routes.set(pattern, route);
  }

  /** Every route that somebody wrote. */
  described(): DescribedRoute[] {
    return [...this.routes].flatMap(([pattern, { methods }]) =>
      [...methods].filter(([method]) => !IMPLIED.has(method)).map(([method, scope]) => ({ method, pattern, scope })),
    );
  }

  /** The methods that a path takes, sorted; none for a path that does not exist. */
  methodsOf(path: string): string[] {
    const segments = segmentsOf(path);
    const matching = [...this.routes.values()].filter((route) => matches(route.segments, segments));
    const fixed = Math.max(...matching.map(countFixed));
    return [
      ...new Set(matching.filter((route) => countFixed(route) === fixed).flatMap(({ methods }) => [...methods.keys()])),
    ].sort();
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
