/**
 * Who is next: of the writes at the heads of their lanes, those to be released now. Pure, so that fairness can be tested without a database.
 *
 * Turns go round: every integration's first, then every integration's second, those with the least under way and those served longest ago
 * before the others. Interactive writes go before bulk ones, but of every `bulkEvery` releases one is bulk if there is any: a person never
 * waits behind an import, and an import never stands still.
 */
import type { Settings } from '#service-kit';

/** How many writes may be on their way to or at a worker at once; what each means and its default stands with the settings. */
export type Caps = Settings['ledger']['caps'];

/** A write that may be released. */
export interface Head {
  readonly id: string;
  readonly lane: string;
  readonly integration_id: string;
  readonly organization_id: string;
  readonly host: string | null;
  readonly priority: 'interactive' | 'bulk';
  /** Its place among the ready writes of its integration and priority, from 1. */
  readonly nth: number;
  /** Its integration's place among all, the one served longest ago first. */
  readonly turn: number;
}

/** What is under way. */
export interface Busy {
  readonly byIntegration: ReadonlyMap<string, number>;
  readonly byOrganization: ReadonlyMap<string, number>;
  readonly byHost: ReadonlyMap<string, number>;
  readonly total: number;
}

export interface Choice {
  readonly chosen: readonly Head[];
  /** Releases since the last bulk one. */
  readonly sinceBulk: number;
}

/** @param roomOf How many writes a host takes at once while it recovers; Infinity for one that is well. */
export function choose(
  heads: readonly Head[],
  busy: Busy,
  caps: Caps,
  roomOf: (host: string | null) => number,
  sinceBulk: number,
): Choice {
  const byIntegration = new Count(busy.byIntegration);
  const byOrganization = new Count(busy.byOrganization);
  const byHost = new Count(busy.byHost);
  const lanes = new Set<string>();
  const rank = ({ integration_id, nth }: Head): number => nth + (busy.byIntegration.get(integration_id) ?? 0);
  const inTurn = [...heads].sort((a, b) => rank(a) - rank(b) || a.turn - b.turn);
  const queues = {
    interactive: inTurn.filter(({ priority }) => priority === 'interactive'),
    bulk: inTurn.filter(({ priority }) => priority === 'bulk'),
  };
  const next = (queue: Head[]): Head | undefined => {
    for (let head = queue.shift(); head; head = queue.shift()) {
      const fits =
        byIntegration.of(head.integration_id) < caps.perIntegration &&
        byOrganization.of(head.organization_id) < caps.perOrganization &&
        byHost.of(head.host ?? '') < roomOf(head.host) &&
        !lanes.has(head.lane);
      if (fits) return head;
    }
    return undefined;
  };

  const chosen: Head[] = [];
  let since = sinceBulk;
  while (busy.total + chosen.length < caps.perPms) {
    const order = since >= caps.bulkEvery - 1 ? [queues.bulk, queues.interactive] : [queues.interactive, queues.bulk];
    const head = next(order[0] as Head[]) ?? next(order[1] as Head[]);
    if (!head) break;
    chosen.push(head);
    lanes.add(head.lane);
    byIntegration.add(head.integration_id);
    byOrganization.add(head.organization_id);
    byHost.add(head.host ?? '');
    since = head.priority === 'bulk' ? 0 : since + 1;
  }
  return { chosen, sinceBulk: since };
}

class Count {
  private readonly counts: Map<string, number>;

  constructor(start: ReadonlyMap<string, number>) {
    this.counts = new Map(start);
  }
  of(key: string): number {
    return this.counts.get(key) ?? 0;
  }
  add(key: string): void {
    this.counts.set(key, this.of(key) + 1);
  }
}
