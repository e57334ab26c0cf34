/** Which create a record of the PMS belongs to: asked when a search settles a doubt, and when a sync meets a record for the first time. */
import type { MadeRecord, Settle } from '#messaging';
import type { Database } from './database.ts';

// A create that is done has the record's id; one of several steps that is under way has it in the step that made the record.
const BELONGS_TO_ANOTHER = `
  select exists (
    select from ledger.operation mine
    join ledger.operation other
      on other.integration_id = mine.integration_id and other.model = mine.model and other.operation = 'create' and other.id <> mine.id
    where mine.id = $1 and mine.state = 'RECONCILING' and mine.operation = 'create'
      and (other.x_id = $2
        or (other.holds_lane and other.steps @> jsonb_build_array(jsonb_build_object('result', jsonb_build_object('x_id', $2::text)))))
  ) as taken`;

/**
 * Two creates in doubt may look alike: two requests with the same words, two people with one name. A search that finds one record can't say
 * whose it is, but a record that another create already has is surely not this one's. Then nobody knows what became of this one, and a person
 * must look.
 */
export async function unlessAnothers(database: Database, ask: Settle): Promise<Settle> {
  const { outcome, finished } = ask;
  const found = finished?.result.x_id ?? (outcome.kind === 'succeeded' ? outcome.x_id : null);
  const bySearch = outcome.kind === 'resume' || (outcome.kind === 'succeeded' && outcome.resolution === 'reconciled');
  if (!bySearch || found === null) return ask;
  const [row] = await database.run<{ taken: boolean }>(BELONGS_TO_ANOTHER, ask.job_id, found);
  if (!row?.taken) return ask;
  const errors = [
    'The one record in the PMS that looks like this write belongs to another write: a person must say whether this one happened.',
  ];
  return {
    job_id: ask.job_id,
    token: ask.token,
    outcome: { kind: 'review', errors },
    ...(ask.attempt ? { attempt: ask.attempt } : {}),
  };
}

const MADE = `
  select x_id, record_id from ledger.operation
  where integration_id = $1 and model = $2 and operation = 'create' and x_id = any($3::text[])
  order by x_id, seq`;

/** Those that creates of ours have made. Two creates may tell the same record; then the later one comes last. */
export const madeAmong = (
  database: Database,
  { integration_id, model, x_ids }: { integration_id: string; model: string; x_ids: readonly string[] },
): Promise<MadeRecord[]> => database.run<MadeRecord>(MADE, integration_id, model, x_ids);
