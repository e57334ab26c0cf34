/** A worker takes a write, and says what it is about to send or has just sent. */
import type { Advance, Advanced, ClaimedJob, StepResult } from '#messaging';
import { Problem } from '#problem';
import type { Circumstances, GateState, Job } from '../job.ts';
import { enter, inDoubt, stepDone, tried, refused, unchanged, type Decided } from './verdict.ts';

/** How long a doubt of a held integration waits before it is looked at again. In milliseconds. */
const HELD_LOOK_MS = 60_000;

const isShut = (gate: GateState, now: number): boolean => gate.held_reason !== null || (gate.paused_until ?? 0) > now;

/**
 * Gives the write to the worker, once per release: whoever asks later, or with an older release, gets null. Only the one who holds the claim
 * and has not sent under it gets the same claim again: the first answer may have been lost. A claim for an integration that was paused or
 * held in the meantime is refused as well, and the write goes back to wait.
 */
export function claim(
  job: Job,
  ask: { readonly release: number; readonly worker: string },
  gate: GateState,
  at: Circumstances,
): Decided<ClaimedJob | null> {
  const claimable = job.state === 'RELEASED' || job.state === 'RECONCILING';
  if (!claimable || job.release_no !== ask.release) return unchanged(null);
  if (job.lease_until !== null) {
    if (job.worker !== ask.worker) return unchanged(null);
    const renewed: Job = { ...job, lease_until: at.now + at.leaseMs };
    return { next: renewed, answer: claimed(renewed, at) };
  }
  if (isShut(gate, at.now)) {
    const back =
      job.state === 'RELEASED'
        ? enter(job, 'ACCEPTED', at)
        : enter(job, 'UNKNOWN', at, { due_at: Math.max(gate.paused_until ?? 0, at.now + HELD_LOOK_MS) });
    return { next: back, answer: null };
  }
  const next: Job = {
    ...job,
    token: job.token + 1,
    worker: ask.worker,
    lease_until: at.now + at.leaseMs,
    unclaimed: 0,
  };
  return { next, answer: claimed(next, at) };
}

function claimed(job: Job, at: Circumstances): ClaimedJob {
  const doubt = inDoubt(job);
  return {
    job_id: job.id,
    token: job.token,
    lease_ms: at.leaseMs,
    mode: job.state === 'RECONCILING' ? 'reconcile' : 'perform',
    organization_id: job.organization_id,
    integration_id: job.integration_id,
    model: job.model,
    operation: job.operation,
    record_id: job.record_id,
    x_id: job.x_id,
    payload: job.payload ?? {},
    references: job.references,
    done: Object.fromEntries(
      job.steps.filter(({ state }) => state === 'done').map(({ name, x_id, memo }) => [name, { x_id, memo } as StepResult]),
    ),
    in_doubt: doubt
      ? { step: doubt.name, sent_at: doubt.sent_at ?? '', memo: doubt.memo, empty_looks: doubt.empty_looks ?? 0 }
      : null,
    resends: job.resends,
    ...(job.crashes > 0 ? { is_suspect: true as const } : {}),
  };
}

export const OUTDATED = 'The claim is no longer current. Stop, and send nothing.';

/**
 * Notes a finished step, and that another one is about to be sent; both renew the lease. The sending is not noted when the account must be left
 * alone since the claim was given.
 */
export function advance(job: Job, told: Advance, gate: GateState, at: Circumstances): Decided<Advanced> {
  const shut = told.sending && job.token === told.token ? shutFor(gate, at.now) : undefined;
  const { sending: _unsent, ...rest } = told;
  const ask: Advance = shut ? rest : told;
  const { finished, sending } = ask;
  if (job.token !== ask.token || job.lease_until === null) {
    return tried(refused(new Problem('conflict', OUTDATED)), job, [finished?.attempt], true);
  }
  const refusal = sending && reasonNotToSend(job, sending.step, finished?.step);
  if (refusal) return refused(new Problem('conflict', refusal));

  const kept = finished ? stepDone(job.steps, finished.step, finished.result) : job.steps;
  const steps = sending
    ? [
        ...kept.filter(({ name }) => name !== sending.step),
        { name: sending.step, state: 'sent' as const, sent_at: iso(at.now), x_id: null, memo: sending.memo },
      ]
    : kept;
  const renewed = { steps, lease_until: at.now + at.leaseMs };
  const next = sending ? enter(job, 'SENDING', at, { ...renewed, sent_at: at.now }) : { ...job, ...renewed };
  return tried({ next, answer: { lease_ms: at.leaseMs, ...shut } }, job, [finished?.attempt]);
}

function shutFor({ held_reason, paused_until }: GateState, now: number): Omit<Advanced, 'lease_ms'> | undefined {
  if (held_reason !== null) return { held: held_reason };
  return paused_until !== null && paused_until > now ? { paused_ms: Math.ceil(paused_until - now) } : undefined;
}

function reasonNotToSend(job: Job, step: string, finished: string | undefined): string | undefined {
  if (job.state === 'RECONCILING') return 'Reconciling only reads: nothing may be sent.';
  const doubt = inDoubt(job);
  if (doubt && doubt.name !== step && doubt.name !== finished) return `The step "${doubt.name}" was sent and is not proven yet.`;
  if (job.steps.some(({ name, state }) => name === step && state === 'done')) return `The step "${step}" is done already.`;
  return undefined;
}

export const iso = (ms: number): string => new Date(ms).toISOString();
