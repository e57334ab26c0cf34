import { operationOf, valueAt, type Call } from '#capabilities';
import { asRecordId } from './answer.ts';
import type { CallResult } from './call-result.ts';
import type { PmsClient } from './client.ts';
import { fill, type Sources } from './fill.ts';
import type { Job } from './job.ts';

/** A read that a write needs did not succeed; no effect was caused. */
export class ReadFailed extends Error {
  override readonly name = 'ReadFailed';
  constructor(readonly result: CallResult) {
    super('A read before the write failed.');
  }
}

/**
 * What a write must know of the PMS's present state, read when it is first asked for and kept for the rest of the claim. Reading has no effect, so
 * a job that is taken up again simply reads anew.
 */
export class PresentState {
  private currentAnswer: Promise<unknown> | undefined;
  private lookupAnswers: Promise<Record<string, unknown>> | undefined;

  constructor(
    private readonly client: PmsClient,
    private readonly job: Job,
  ) {}

  /** The record as it is, or undefined when the operation does not read it. @throws ReadFailed */
  current(sources: Sources): Promise<unknown> {
    return (this.currentAnswer ??= this.readCurrent(sources));
  }

  /** The answers of the operation's lookups, by name. @throws ReadFailed */
  lookups(sources: Sources): Promise<Record<string, unknown>> {
    return (this.lookupAnswers ??= this.readLookups(sources));
  }

  private async readCurrent(sources: Sources): Promise<unknown> {
    const operation = operationOf(this.job.capability, this.job.operation);
    if (!operation?.current) return undefined;
    const result = await this.read(operation.current, sources);
    const { answer, status } = result;
    // "No content" is how some PMSs spell "not found".
    if (status === 204) throw new ReadFailed({ ...result, verdict: 'refused', status: 404 });
    if (typeof answer !== 'object' || answer === null) throw notARecord(result, 'it did not show a record');
    // A replacement clears whatever the current record does not name, so it must not start from anything but the record.
    const { reads } = this.job.capability;
    if (operation.updates === 'replace' && !('lacks' in reads) && asRecordId(valueAt(answer, reads.id)) !== sources.recordId)
      throw notARecord(result, 'it showed another record than the one asked for');
    return answer;
  }

  private async readLookups(sources: Sources): Promise<Record<string, unknown>> {
    const calls = Object.entries(operationOf(this.job.capability, this.job.operation)?.lookups ?? {});
    const answers = await Promise.all(
      calls.map(async ([name, call]) => [name, (await this.read(call, sources)).answer] as const),
    );
    return Object.fromEntries(answers);
  }

  private async read(call: Call, sources: Sources): Promise<CallResult> {
    const result = await this.client.call(fill(call, sources));
    if (result.verdict !== 'done') throw new ReadFailed(result);
    return result;
  }
}

const notARecord = (result: CallResult, reason: string): ReadFailed =>
  new ReadFailed({ ...result, verdict: 'unclear', evidence: 'C', reason });
