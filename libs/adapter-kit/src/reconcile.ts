import { operationOf, valueAt, type DoubtPolicy, type OperationSpec, type Outcome, type Step } from '#capabilities';
import { asRecordId } from './answer.ts';
import type { PmsClient } from './client.ts';
import { CLOCK_TOLERANCE_MS } from './clock.ts';
import { fieldsChangedBy, fingerprint, likeness, matches } from './compare.ts';
import { doubtAbout, policyFor, visibleAfterMs } from './doubt.ts';
import { fill, MissingParameter, sourcesIn, type Sources } from './fill.ts';
import { recordIdOf, type Ending, type Job } from './job.ts';
import { walk } from './paging.ts';

/** The step whose effect nobody knows. */
export interface InDoubt {
  readonly step: string;
  readonly sentAt: Date;
  /** What was noted when it was sent. */
  readonly memo: Readonly<Record<string, unknown>>;
}

/** A look that finds nothing is believed only when it is not the first such look. */
const LOOKS_BEFORE_ABSENT = 2;
/** A time without a zone may be anybody's. */
const ANY_ZONE_MS = 14 * 3_600_000;

interface Doubt {
  readonly client: PmsClient;
  readonly job: Job;
  readonly operation: OperationSpec;
  readonly step: Step;
  readonly inDoubt: InDoubt;
  /** Looks before this one that were answered, late enough, without showing the effect. */
  readonly emptyLooks: number;
  /** Whether the PMS can be expected to show the effect by now, if there was one: before that, not to see it proves nothing. */
  readonly isLateEnough: boolean;
}

/**
 * Settles a doubt by reading only. Never sends anything, never throws, and never guesses: what it can't prove goes to a person.
 * `emptyLooks`: how many outcomes about this sending said `empty_look` before.
 */
export async function reconcile(client: PmsClient, job: Job, inDoubt: InDoubt, emptyLooks: number): Promise<Ending> {
  const operation = operationOf(job.capability, job.operation);
  const step = operation?.steps.find(({ name }) => name === inDoubt.step);
  if (!operation || !step) return review('The step in doubt is not known to this version of Latchkey.');
  const waited = client.clock.now() - inDoubt.sentAt.getTime();
  const isLateEnough = waited >= visibleAfterMs(operation);
  const doubt: Doubt = { client, job, operation, step, inDoubt, emptyLooks, isLateEnough };
  try {
    const policy = policyFor(operation, step);
    if (policy === 'search' && operation.doubt.policy === 'search') return await search(doubt, operation.doubt);
    if (policy === 'read_back') return await readBack(doubt);
    const because = operation.doubt.policy === 'person' ? operation.doubt.because : undefined;
    return review(because ?? 'Nothing in the PMS shows whether it happened.');
  } catch (error) {
    if (error instanceof MissingParameter) return review(`The record can't be looked for: ${error.message} is not known.`);
    return { ...undecided(doubt, 'shows something that could not be understood'), fault: error };
  }
}

async function search(doubt: Doubt, policy: Extract<DoubtPolicy, { policy: 'search' }>): Promise<Ending> {
  const { client, job, operation, inDoubt } = doubt;
  const { title } = client.account.pms;
  const isLike = likeness(job.capability, policy.same, job);
  const hasIds = !('lacks' in job.capability.reads);
  const ours = new Set<string>();
  let uncertain = 0;
  for await (const page of walk(client, policy.call, sourcesOf(job, operation, inDoubt.sentAt))) {
    if (page.failed) return undecided(doubt, 'could not be searched yet');
    for (const record of page.records) {
      const age = ageOf(record, policy.createdAt, inDoubt.sentAt);
      const id = idOf(job, record);
      if (age === 'older' || !isLike(record)) {
        // What is not even a record may hide the one that is looked for: nothing is known to be absent from such a list.
        if (id === null && hasIds) return undecided(doubt, 'listed something that is no record');
        continue;
      }
      // A record without a usable id or time may be the one, which is not enough to name it and too much to create another.
      if (age === 'ours' && id !== null) ours.add(id);
      else uncertain += 1;
    }
  }
  const found = ours.size + uncertain;
  if (found > 1) return review(`${found} records in ${title} look like the one that was to be created: a person must say which.`);
  if (uncertain > 0)
    return review(`A record in ${title} looks like the one that was to be created, but may be older: a person must look.`);
  const [only] = ours;
  if (only !== undefined) return proven(doubt, only);
  return notSeen(doubt, 'does not show the record yet', `${title} does not have the record: the write had no effect.`);
}

async function readBack(doubt: Doubt): Promise<Ending> {
  const { client, job, operation, step, inDoubt } = doubt;
  const { title } = client.account.pms;
  if (!operation.current || step.sends === undefined) return review("The record can't be read back.");
  const result = await client.call(fill(operation.current, sourcesOf(job, operation, inDoubt.sentAt)));
  if (result.status === 404 || result.status === 204) return review(`${title} no longer has the record.`);
  if (result.verdict !== 'done' || typeof result.answer !== 'object' || result.answer === null)
    return undecided(doubt, 'could not be read yet');
  const { readable, unreadable } = fieldsChangedBy(job.capability, step.sends, job.values);
  if (readable.length === 0) return review('Nothing that was sent can be read back.');
  const isAsWanted = matches(job.capability, result.answer, readable, job);
  const isAsBefore = fingerprint(job.capability, result.answer, readable) === inDoubt.memo['before'];
  // Wanted as it was already, what can be read says nothing about what can't.
  if (isAsWanted && !(isAsBefore && unreadable.length > 0)) return proven(doubt, null);
  if (!isAsBefore)
    return review(`${title} has neither the former nor the wanted values: somebody else changed the record, a person must look.`);
  return notSeen(doubt, 'still has the former values', `${title} still has the former values: the write had no effect.`);
}

/** The step is done; the write too, unless more steps are declared: whether this job has something for them, performing finds out. */
function proven({ job, operation, step }: Doubt, xId: string | null): Ending {
  const rest = operation.steps.slice(operation.steps.indexOf(step) + 1);
  const finished = { step: step.name, result: { x_id: xId, memo: {} } };
  const recordId = recordIdOf(job, operation, { ...job.done, [step.name]: finished.result });
  const idIsNeeded = (step.id !== undefined && recordId === null) || rest.some((next) => refersTo(next, step.name));
  if (xId === null && idIsNeeded) return review('It happened, but the id of what it made is not known: a person must look.');
  if (rest.length > 0) return { outcome: { kind: 'resume' }, finished };
  return { outcome: { kind: 'succeeded', x_id: recordId, resolution: 'reconciled' }, finished };
}

function refersTo({ call, otherwise }: Step, step: string): boolean {
  const calls = otherwise ? [call, otherwise.call] : [call];
  return calls.flatMap(sourcesIn).some((source) => source.kind === 'step' && source.step === step);
}

/** Whether a listed record was made before the write was sent. Without a declared time every record may be ours, by the declaration's word. */
function ageOf(record: unknown, createdAt: string | undefined, sentAt: Date): 'ours' | 'older' | 'unknown' {
  if (createdAt === undefined) return 'ours';
  const text = String(valueAt(record, createdAt));
  const hasZone = /(Z|[+-]\d{2}:?\d{2})$/i.test(text);
  const at = Date.parse(hasZone ? text : `${text}Z`);
  const oldest = sentAt.getTime() - CLOCK_TOLERANCE_MS;
  if (Number.isNaN(at)) return 'unknown';
  if (hasZone) return at < oldest ? 'older' : 'ours';
  if (at < oldest - ANY_ZONE_MS) return 'older';
  return at < oldest + ANY_ZONE_MS ? 'unknown' : 'ours';
}

function idOf(job: Job, record: unknown): string | null {
  const { reads } = job.capability;
  return 'lacks' in reads ? null : asRecordId(valueAt(record, reads.id));
}

function sourcesOf(job: Job, operation: OperationSpec, sentAt: Date): Sources {
  const { references, values, done } = job;
  return { recordId: recordIdOf(job, operation), references, values, done, sentAt };
}

/** The PMS answered and does not show the effect. `proof`: what that means once it was seen often enough. */
function notSeen(doubt: Doubt, what: string, proof: string): Ending {
  const { isLateEnough, emptyLooks } = doubt;
  if (isLateEnough && emptyLooks + 1 >= LOOKS_BEFORE_ABSENT) return absent(proof);
  const { outcome } = undecided(doubt, what);
  return { outcome: isLateEnough && outcome.kind === 'doubt' ? { ...outcome, empty_look: true } : outcome };
}

const undecided = ({ client, operation, step }: Doubt, what: string): Ending => ({
  outcome: doubtAbout(operation, step, [`${client.account.pms.title} ${what}.`]),
});
const absent = (error: string): Ending => ({ outcome: { kind: 'absent', errors: [error] } satisfies Outcome });
const review = (error: string): Ending => ({ outcome: { kind: 'review', errors: [error] } satisfies Outcome });
