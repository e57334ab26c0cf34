import { assemble, encodeFields, type EncodedDocuments, type OperationSpec, type Step } from '#capabilities';
import type { Sources } from './fill.ts';
import type { Job } from './job.ts';
import type { PresentState } from './reading.ts';

/** A job's values in the PMS's own terms. */
export const encode = (job: Job): EncodedDocuments => encodeFields(job.capability, job.operation, job.values, job.references);

/** Whether a step has something to do for this job. `index`: its place among the steps. */
export function isWanted(job: Job, step: Step, index: number, encoded: EncodedDocuments): boolean {
  const hasContent = step.sends === undefined || encoded.has(step.sends);
  if ((step.when ?? (index === 0 ? 'always' : 'filled')) === 'filled') return hasContent;
  // An update whose every field was stripped has nothing to send; a call without changes would only risk one.
  return job.operation === 'create' || hasContent;
}

/** The body of a step; undefined when it sends none, or when there is nothing to send after all. @throws ReadFailed, Unsendable */
export async function bodyOf(
  { capability }: Job,
  operation: OperationSpec,
  step: Step,
  asArray: boolean,
  encoded: EncodedDocuments,
  sources: Sources,
  present: PresentState,
): Promise<unknown> {
  if (step.sends === undefined) return undefined;
  const carried = operation.updates === 'replace' && operation.carry ? operation.carry(sources.current as never) : {};
  const assembled = assemble(capability, step.sends, encoded, carried);
  const body = step.compose
    ? step.compose(assembled, { current: sources.current, lookups: await present.lookups(sources) })
    : assembled;
  return body === undefined || !asArray ? body : [body];
}
