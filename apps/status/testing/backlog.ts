/**
 * A backlog of any size, and the dispatcher's work on it: how long its passes take and how fairly they serve. For the spec and for the benchmark;
 * the workers are left out (a write that is released ends at once), so what is measured is the dispatcher and Postgres.
 */
import type { TestLedger } from './ledger.fixture.ts';

export interface Backlog {
  /** Writes of the one integration that has most. */
  readonly noisy: number;
  /** Integrations beside it. */
  readonly quiet: number;
  /** Writes of each of those. */
  readonly each: number;
}

const FILL = `
  insert into ledger.operation (id, organization_id, integration_id, pms, model, operation, record_id, lane, payload, "references",
    ignored_fields, priority, refresh, state, accepted_at, deadline_at)
  select $1 || i || '-' || n, 'org' || i, $1 || i, $1, 'm', 'create', 'r' || n, $1 || i || ':' || n, '{}', '{}', '[]', 0, false, 'ACCEPTED', now(),
    now() + interval '1 day'
  from generate_series($2::integer, $3::integer) as i, generate_series($4::integer, $5::integer) as n`;
const PIECE = 10_000;
const PREPARE = 'vacuum (analyze) ledger.operation';
const FINISH = `
  update ledger.operation set state = 'SUCCEEDED', completed_at = clock_timestamp()
  where id in (select id from ledger.operation where pms = $1 and in_flight order by released_at, seq limit $2)
  returning integration_id, organization_id`;

/** Integration 0 is the noisy one. */
export async function fillBacklog({ database }: TestLedger, pms: string, { noisy, quiet, each }: Backlog): Promise<void> {
  // In pieces: no statement may take as long as all of it.
  for (let n = 0; n < noisy; n += PIECE) await database.run(FILL, pms, 0, 0, n + 1, Math.min(n + PIECE, noisy));
  const step = Math.ceil(PIECE / each);
  for (let i = 1; i <= quiet; i += step) await database.run(FILL, pms, i, Math.min(i + step - 1, quiet), 1, each);
  await database.run(PREPARE);
}

export interface Served {
  /** Milliseconds of each round: one pass, and the end of the writes that made room for it. */
  readonly passesMs: readonly number[];
  /** Releases of each integration, by its number. */
  readonly releases: ReadonlyMap<number, number>;
  readonly tookMs: number;
}

/** Ends `perRound` writes a round until `rounds` are over or nothing is left. */
export async function serveBacklog(
  { database, dispatcher }: TestLedger,
  pms: string,
  { rounds, perRound }: { readonly rounds: number; readonly perRound: number },
): Promise<Served> {
  const passesMs: number[] = [];
  const releases = new Map<number, number>();
  await dispatcher.wakeAll();
  await dispatcher.drain();
  const begun = performance.now();
  for (let round = 0; round < rounds; round += 1) {
    const ended = await database.run<{ integration_id: string; organization_id: string }>(FINISH, pms, perRound);
    if (ended.length === 0) break;
    for (const { integration_id } of ended) {
      const nth = Number(integration_id.slice(pms.length));
      releases.set(nth, (releases.get(nth) ?? 0) + 1);
    }
    const startedAt = performance.now();
    dispatcher.wake(
      pms,
      ended.map(({ integration_id, organization_id }) => [integration_id, organization_id]),
    );
    await dispatcher.drain();
    passesMs.push(performance.now() - startedAt);
  }
  return { passesMs, releases, tookMs: performance.now() - begun };
}

/** Jain's index: 1 when all have the same, 1/n when one has everything. */
export function jain(values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  const squares = values.reduce((total, value) => total + value * value, 0);
  return squares === 0 ? 1 : (sum * sum) / (values.length * squares);
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
