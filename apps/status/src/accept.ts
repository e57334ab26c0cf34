/**
 * Accepting writes: a batch in one transaction, answered after its COMMIT. Each request gets its own verdict:
 *
 * - a new write, with a new id, at the end of its record's lane;
 * - the write that an earlier request with the same Idempotency-Key and the same content made (`replayed`);
 * - the write that this very request made before, when its answer was lost on the way to whoever asks again (same `job_id`);
 * - a refusal: the key belongs to other content, or what the write needs does not exist.
 *
 * The unique constraint on keys decides who came first, between batches, replicas and within a batch; nothing is checked before it is written.
 */
import { failpoint } from '#failpoints';
import { Problem } from '#problem';
import type { Opened, OpenWrite } from '#messaging';
import { GroupCommit, type Verdict } from './group-commit.ts';
import { Stirred } from './move/stirred.ts';
import { sqlState, type Database, type Session } from './store/database.ts';
import { answerKnown, answerStored, claimKeys, giveBackKeys } from './store/keys.ts';
import { INSERT, openedFrom, place, rowOf, STORED, type Draft, type Entry } from './store/placing.ts';

export interface AcceptSettings {
  readonly ageLimitHours: number;
  /** Told after the commit which integrations have new work, and how much was accepted. */
  readonly onAccepted: (stirred: Stirred, count: number) => void;
  readonly onRefused: (error: unknown) => void;
}

export class Acceptance {
  private readonly commits: GroupCommit<OpenWrite, Opened>;

  constructor(
    private readonly database: Database,
    private readonly settings: AcceptSettings,
  ) {
    this.commits = new GroupCommit((requests) => this.commit(requests), { onRefused: settings.onRefused });
  }

  /**
   * @throws Problem `idempotency_key_reused`; `not_found` or `conflict` when the record to write to, or one it names, will never exist;
   *   `unavailable` when the commit failed or is not known to have happened.
   */
  async open(request: OpenWrite): Promise<Opened> {
    try {
      return await this.commits.submit(request);
    } catch (error) {
      throw error instanceof Problem && isUnstorable(error.cause) ? UNSTORABLE : error;
    }
  }

  drain(): Promise<void> {
    return this.commits.drain();
  }

  private async commit(requests: readonly OpenWrite[]): Promise<readonly Verdict<Opened>[]> {
    const { ageLimitHours, onAccepted } = this.settings;
    const stored = await this.database.transaction(
      async (session) => {
        const accepted = await accept(session, requests, ageLimitHours);
        failpoint('accept.before-commit');
        return accepted;
      },
      ({ drafts }) => {
        failpoint('accept.after-commit');
        const stirred = new Stirred();
        for (const { request } of drafts) stirred.add(request);
        if (drafts.length > 0) onAccepted(stirred, drafts.length);
      },
    );
    return stored.verdicts;
  }
}

async function accept(
  session: Session,
  requests: readonly OpenWrite[],
  ageLimitHours: number,
): Promise<{ verdicts: readonly Verdict<Opened>[]; drafts: readonly Draft[] }> {
  const entries = requests.map((request, position): Entry => ({ request, position }));
  const winners = await claimKeys(session, entries);
  const fresh = entries.filter(({ request }) => !request.idempotency || winners.has(request.job_id));
  const placed = await place(session, fresh);
  const drafts = placed.filter((draft): draft is Draft => draft !== STORED && !(draft instanceof Problem));
  const inserted =
    drafts.length > 0 ? await session.run<{ id: string }>(INSERT, JSON.stringify(drafts.map(rowOf)), ageLimitHours) : [];
  const made = new Set(inserted.map(({ id }) => id));
  const unanswered = new Set(made);
  await giveBackKeys(
    session,
    fresh.filter((_, nth) => placed[nth] instanceof Problem),
  );
  // Only now: the first request with a key may stand in this very batch.
  const verdicts = await answerKnown(
    session,
    entries.filter((entry) => !fresh.includes(entry)),
  );
  const repeated: Entry[] = [];
  fresh.forEach((entry, nth) => {
    const draft = placed[nth];
    if (draft instanceof Problem) verdicts.set(entry.position, { problem: draft });
    else if (draft !== undefined && draft !== STORED && unanswered.delete(draft.id)) {
      verdicts.set(entry.position, { answer: openedFrom(draft) });
    } else repeated.push(entry);
  });
  for (const [position, answer] of await answerStored(session, repeated)) verdicts.set(position, { answer });
  return {
    verdicts: requests.map((_, position) => verdicts.get(position) ?? { problem: LOST }),
    drafts: drafts.filter(({ id }) => made.has(id)),
  };
}

const LOST = new Problem('internal', 'The write was not placed. Nothing was accepted.');
const UNSTORABLE = Problem.invalid([
  {
    pointer: '',
    code: 'invalid_value',
    detail: 'The payload holds a character that can not be stored, such as U+0000. Remove it.',
  },
]);
/** The server's codes for JSON that it can't keep: an escaped U+0000, half of a surrogate pair. */
const isUnstorable = (error: unknown): boolean => ['22P05', '22P02'].includes(sqlState(error) ?? '');
