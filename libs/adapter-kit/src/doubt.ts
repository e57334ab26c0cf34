import type { OperationSpec, Outcome, Step } from '#capabilities';
import { makerOf } from './job.ts';

/** How soon a read-back makes sense: the PMS may still be working on what it did not answer. */
const READ_BACK_AFTER_MS = 5_000;
/** A doubt that could not be settled for so long goes to a person. */
const SETTLE_WITHIN_MS = 15 * 60_000;

/** The policy for a step whose effect is unknown: that of the operation for the step that makes the record, reading back for the others. */
export function policyFor(operation: OperationSpec, step: Step): 'search' | 'read_back' | 'person' {
  if (step.name === makerOf(operation) || operation.doubt.policy !== 'search') return operation.doubt.policy;
  return operation.current !== undefined && step.sends !== undefined ? 'read_back' : 'person';
}

/** How long after the sending the PMS surely shows what it did, in milliseconds. */
export function visibleAfterMs({ doubt }: OperationSpec): number {
  return doubt.policy === 'search' ? Math.max(doubt.visibleAfterMs, READ_BACK_AFTER_MS) : READ_BACK_AFTER_MS;
}

export function doubtAbout(operation: OperationSpec, step: Step, errors: readonly string[]): Outcome {
  return {
    kind: 'doubt',
    errors,
    policy: policyFor(operation, step),
    settle_after_ms: visibleAfterMs(operation),
    settle_within_ms: SETTLE_WITHIN_MS,
  };
}
