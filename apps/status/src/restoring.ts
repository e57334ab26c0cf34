/** Brings a ledger that was put back to an older backup into a state from which nothing is sent blindly. For the program restored.ts. */
import { iso } from './decide/claim.ts';
import { restored } from './decide/restored.ts';
import type { Job } from './job.ts';
import type { Ledger } from './ledger.ts';
import { MEANING, statesWhere } from './states.ts';
import type { Database } from './store/database.ts';

export interface Restoring {
  /** The last write that this ledger knows was accepted at this time: of later ones it knows nothing. Null when it knows of none. */
  readonly last_accepted_at: string | null;
  /** Writes that are looked for at their PMS as soon as the services run. */
  readonly in_doubt: number;
  /** Writes that wait for a person. */
  readonly in_review: number;
}

/** Writes decided upon in one transaction. */
const BATCH = 200;

// The last first: what waits for another write must not take the end of that one for a refusal, and say that it has failed.
const OPEN = `
  select id, seq from ledger.operation where state = any($1::text[]) and ($2::bigint is null or seq < $2::bigint) order by seq desc limit ${BATCH}`;

const LAST_ACCEPTED = 'select floor(1000 * extract(epoch from max(accepted_at)))::float8 as ms from ledger.operation';

/** Every service must be stopped. May be repeated: what it was interrupted in is finished, what was in doubt still is. */
export async function settleAfterRestore(database: Database, ledger: Ledger): Promise<Restoring> {
  const open = statesWhere(({ phase }) => phase !== 'ended');
  let last: string | null = null;
  let [inDoubt, inReview] = [0, 0];
  for (;;) {
    const picked: readonly { id: string; seq: string }[] = await database.run(OPEN, open, last);
    if (picked.length === 0) break;
    last = picked.at(-1)?.seq ?? null;
    const states: Job['state'][] = [];
    const commands = picked.map(({ id }) => ({
      job_id: id,
      unknown: null,
      decide: (job: Job, _gate: unknown, at: Parameters<typeof restored>[1]) => {
        const decided = restored(job, at);
        if (decided.next) states.push(decided.next.state);
        return decided;
      },
    }));
    await ledger.transact((session, consequences) => ledger.run(session, commands, consequences));
    inReview += states.filter((state) => MEANING[state].phase === 'ended').length;
    inDoubt += states.filter((state) => MEANING[state].phase !== 'ended').length;
  }
  const [lastAccepted] = await database.run<{ ms: number | null }>(LAST_ACCEPTED);
  const ms = lastAccepted?.ms ?? null;
  return { last_accepted_at: ms === null ? null : iso(ms), in_doubt: inDoubt, in_review: inReview };
}
