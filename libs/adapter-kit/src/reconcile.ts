import { decodeRecord, operationOf, valueAt, type OperationSpec, type Outcome, type Step } from '#capabilities';
import { fieldsChangedBy, fingerprint, matches } from './compare.ts';
import type { PmsClient } from './client.ts';
import { doubtAbout, policyFor } from './doubt.ts';
import { fill, MissingParameter, type Sources } from './fill.ts';
import type { Ending, Job } from './job.ts';
import { walk } from './paging.ts';
import { wantedFields } from './report.ts';

/** The step whose effect nobody knows. */
export interface InDoubt {
  readonly step: string;
  readonly sentAt: Date;
  /** What was noted when it was sent. */
  readonly memo: Readonly<Record<string, unknown>>;
}

/** Records made this much before the sending may still be ours: clocks differ. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;
/** A search that finds nothing is believed only when repeated. */
const SEARCHES_BEFORE_ABSENT = 2;

/**
 * Settles a doubt by reading only. Never sends anything, and never guesses: what it can't prove goes to a person.
 * `tried`: how often it was tried before.
 */
export async function reconcile(client: PmsClient, job: Job, inDoubt: InDoubt, tried: number): Promise<Ending> {
  const operation = operationOf(job.capability, job.operation);
  const step = operation?.steps.find(({ name }) => name === inDoubt.step);
  if (!operation || !step) return review('The step in doubt is not known to this version of Latchkey.');
  try {
    const policy = policyFor(operation, step);
    if (policy === 'search') return await search(client, job, operation, step, inDoubt, tried);
    if (policy === 'read_back') return await readBack(client, job, operation, step, inDoubt);
    return review(
      operation.doubt.policy === 'person' ? operation.doubt.because : 'Nothing in the PMS shows whether it happened.',
    );
  } catch (error) {
    if (error instanceof MissingParameter) return review(`The record can't be looked for: ${error.message} is not known.`);
    throw error;
  }
}

async function search(
  client: PmsClient,
  job: Job,
  operation: OperationSpec,
  step: Step,
  inDoubt: InDoubt,
  tried: number,
): Promise<Ending> {
  const { doubt } = operation;
  if (doubt.policy !== 'search') return review('There is no search.');
  const { title } = client.account.pms;
  const wanted = wantedFields(job.values, job.references);
  const oldest = inDoubt.sentAt.getTime() - CLOCK_TOLERANCE_MS;
  const found: unknown[] = [];
  for await (const page of walk(client, doubt.call, sourcesOf(job, { sentAt: inDoubt.sentAt }))) {
    if (page.failed) return { outcome: doubtAbout(operation, step, [`${title} could not be searched yet.`]) };
    found.push(
      ...page.records.filter((record) => isOurs(job, record, doubt.same, wanted) && !isOlder(record, doubt.createdAt, oldest)),
    );
  }
  const [only] = found;
  if (found.length > 1)
    return review(`${found.length} records in ${title} look like the one that was to be created: a person must say which.`);
  if (only !== undefined) return proven(job, operation, step, idOf(job, only));
  if (tried + 1 < SEARCHES_BEFORE_ABSENT)
    return { outcome: doubtAbout(operation, step, [`${title} does not show the record yet.`]) };
  return { outcome: { kind: 'absent', errors: [`${title} does not have the record: the write had no effect.`] } };
}

async function readBack(client: PmsClient, job: Job, operation: OperationSpec, step: Step, inDoubt: InDoubt): Promise<Ending> {
  const { title } = client.account.pms;
  if (!operation.current || step.sends === undefined) return review("The record can't be read back.");
  const result = await client.call(fill(operation.current, sourcesOf(job)));
  if (result.verdict === 'refused' && result.status === 404) return review(`${title} no longer has the record.`);
  if (result.verdict !== 'done') return { outcome: doubtAbout(operation, step, [`${title} could not be read yet.`]) };
  const names = fieldsChangedBy(job.capability, step.sends, job.values);
  if (names.length === 0) return review('Nothing that was sent can be read back.');
  if (matches(job.capability, result.answer, names, job.values, job.references)) return proven(job, operation, step, null);
  if (fingerprint(job.capability, result.answer, names) === inDoubt.memo['before']) {
    return { outcome: { kind: 'absent', errors: [`${title} still has the former values: the write had no effect.`] } };
  }
  return review(`${title} has neither the former nor the wanted values: somebody else changed the record, a person must look.`);
}

/** The step is done; the write too, unless more steps follow. */
function proven(job: Job, operation: OperationSpec, step: Step, xId: string | null): Ending {
  const rest = operation.steps.slice(operation.steps.indexOf(step) + 1);
  const outcome: Outcome =
    rest.length > 0 ? { kind: 'resume' } : { kind: 'succeeded', x_id: xId ?? job.recordId, resolution: 'reconciled' };
  return { outcome, finished: { step: step.name, result: { x_id: xId, memo: {} } } };
}

function isOurs(job: Job, record: unknown, same: readonly string[], wanted: Readonly<Record<string, unknown>>): boolean {
  const decoded = decodeRecord(job.capability, record);
  return same.every((name) => (decoded[name] ?? null) === (wanted[name] ?? null));
}

function isOlder(record: unknown, createdAt: string | undefined, oldest: number): boolean {
  const at = createdAt === undefined ? NaN : Date.parse(String(valueAt(record, createdAt)));
  return at < oldest;
}

function idOf(job: Job, record: unknown): string {
  const { reads } = job.capability;
  return String('lacks' in reads ? null : valueAt(record, reads.id));
}

function sourcesOf(job: Job, more: Partial<Sources> = {}): Sources {
  const made = Object.values(job.done).find(({ x_id }) => x_id !== null)?.x_id ?? null;
  return { recordId: job.recordId ?? made, references: job.references, values: job.values, done: job.done, ...more };
}

const review = (what: string): Ending => ({ outcome: { kind: 'review', errors: [what] } });
