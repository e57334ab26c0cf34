/** What only the database can tell about a run, read past every service. */
import pg from 'pg';

export interface Facts {
  /** Idempotency keys whose write does not exist. */
  readonly orphanKeys: number;
  /** Writes whose outcome was in doubt at some time. */
  readonly doubts: number;
  /** Events that were never told. */
  readonly untold: number;
  /** 99 % of the writes that ended well needed no longer, from acceptance. In milliseconds. */
  readonly p99Ms: number;
}

const FACTS = `
  select
    (select count(*)::int from ledger.idempotency_key k where not exists (select from ledger.operation o where o.id = k.operation_id))
      as "orphanKeys",
    (select count(*)::int from ledger.operation where reconciliations > 0 or state in ('UNKNOWN', 'RECONCILING', 'NEEDS_REVIEW'))
      as "doubts",
    (select count(*)::int from ledger.event) as "untold",
    (select coalesce(round(1000 * percentile_cont(0.99) within group (order by extract(epoch from completed_at - accepted_at)::float8)), 0)::int
      from ledger.operation where state = 'SUCCEEDED') as "p99Ms"`;

export async function factsOf(databaseUrl: string): Promise<Facts> {
  const [facts] = await ask<Facts>(databaseUrl, FACTS);
  if (!facts) throw new Error('the database says nothing');
  return facts;
}

/** Writes that are on their way to a PMS at this moment. */
export async function onTheirWay(databaseUrl: string): Promise<number> {
  const [row] = await ask<{ count: number }>(
    databaseUrl,
    "select count(*)::int as count from ledger.operation where state = 'SENDING'",
  );
  return row?.count ?? 0;
}

export async function ask<Row>(databaseUrl: string, statement: string): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(statement)).rows as Row[];
  } finally {
    await client.end();
  }
}
