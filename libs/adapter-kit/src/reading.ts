import { operationOf, type Call } from '#capabilities';
import type { CallResult, PmsClient } from './client.ts';
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
    const call = operationOf(this.job.capability, this.job.operation)?.current;
    return (this.currentAnswer ??= call ? this.read(call, sources) : Promise.resolve(undefined));
  }

  /** The answers of the operation's lookups, by name. @throws ReadFailed */
  lookups(sources: Sources): Promise<Record<string, unknown>> {
    const calls = Object.entries(operationOf(this.job.capability, this.job.operation)?.lookups ?? {});
    return (this.lookupAnswers ??= Promise.all(
      calls.map(async ([name, call]) => [name, await this.read(call, sources)] as const),
    ).then((answers) => Object.fromEntries(answers)));
  }

  private async read(call: Call, sources: Sources): Promise<unknown> {
    const result = await this.client.call(fill(call, sources));
    if (result.verdict !== 'done') throw new ReadFailed(result);
    return result.answer;
  }
}
