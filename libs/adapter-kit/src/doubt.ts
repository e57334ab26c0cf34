import type { OperationSpec, Outcome, Step } from '#capabilities';

/** How soon a read-back makes sense: the PMS may still be working on what it did not answer. */
const READ_BACK_AFTER_MS = 5_000;
/** A doubt that could not be settled for so long goes to a person. */
const SETTLE_WITHIN_MS = 15 * 60_000;

/** The policy for a step whose effect is unknown: that of the operation for the step that makes the record, reading back for the others. */
export function policyFor(operation: OperationSpec, step: Step): 'search' | 'read_back' | 'person' {
  const maker = operation.idFrom ?? operation.steps[0].name;
  if (step.name === maker || operation.doubt.policy !== 'search') return operation.doubt.policy;
  return operation.current !== undefined && step.sends !== undefined ? 'read_back' : 'person';
}

export function doubtAbout(operation: OperationSpec, step: Step, errors: readonly string[]): Outcome {
  const policy = policyFor(operation, step);
  const settleAfterMs = operation.doubt.policy === 'search' ? operation.doubt.visibleAfterMs : READ_BACK_AFTER_MS;
  return { kind: 'doubt', errors, policy, settle_after_ms: settleAfterMs, settle_within_ms: SETTLE_WITHIN_MS };
}
