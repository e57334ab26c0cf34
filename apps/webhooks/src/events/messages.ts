/**
 * What an endpoint is told of an event: which one, of what, how it stands. Ids, names of models, states and times; never a payload, so nothing
 * personal travels to an address that may have changed hands. Who wants more asks the API with his key.
 */
import type { State, Trigger, WriteEvent } from '#messaging';

/** A message before it is addressed. */
export interface Message {
  /** The same whoever is told, and however often. Holds no dot: the signature separates by dots. */
  readonly event_id: string;
  readonly trigger: Trigger | typeof VERIFICATION | typeof TEST;
  readonly body: string;
}

/** Sent before anything else: whoever answers it wants to be told. */
export const VERIFICATION = 'WEBHOOK_VERIFICATION';
/** Sent when a customer asks for it. */
export const TEST = 'WEBHOOK_TEST';

type WriteStatusWord = 'PENDING' | 'SUCCESS' | 'PARTIAL_SUCCESS' | 'FAILURE';
interface Meaning {
  readonly write_status: WriteStatusWord;
  readonly triggers: readonly Trigger[];
  /** Whether nobody knows what the PMS did. */
  readonly uncertain: boolean;
}

const SUCCESS: readonly Trigger[] = ['WRITE_OPERATION_SUCCESS', 'JOB_SUCCESS'];
const FAILURE: readonly Trigger[] = ['WRITE_OPERATION_FAILURE', 'JOB_FAILURE'];

/** States that customers are told of. The others are steps on the way. */
const TOLD: Partial<Record<State, Meaning>> = {
  SUCCEEDED: { write_status: 'SUCCESS', triggers: SUCCESS, uncertain: false },
  PARTIAL: { write_status: 'PARTIAL_SUCCESS', triggers: FAILURE, uncertain: false },
  FAILED: { write_status: 'FAILURE', triggers: FAILURE, uncertain: false },
  CANCELLED: { write_status: 'FAILURE', triggers: FAILURE, uncertain: false },
  NEEDS_REVIEW: { write_status: 'FAILURE', triggers: FAILURE, uncertain: true },
  UNKNOWN: { write_status: 'PENDING', triggers: ['WRITE_OPERATION_UNCERTAIN'], uncertain: true },
};

/** Whether an event opens a doubt, closes one if there is one, or neither. */
export function doubtOf({ state }: Pick<WriteEvent, 'state'>): 'opens' | 'closes' | undefined {
  const meaning = TOLD[state];
  return meaning && (meaning.uncertain ? 'opens' : 'closes');
}

/**
 * The messages of an event, one for each trigger that it sets off; none for a step on the way.
 * @param settles whether it ends a doubt that customers were told of
 */
export function messagesOf(event: WriteEvent, vendor: string, settles: boolean): readonly Message[] {
  const meaning = TOLD[event.state];
  if (!meaning) return [];
  const triggers: readonly Trigger[] = settles ? [...meaning.triggers, 'WRITE_OPERATION_SETTLED'] : meaning.triggers;
  return triggers.map((trigger) => {
    const event_id = `${event.job_id}-${event.sequence}-${trigger.toLowerCase()}`;
    return {
      event_id,
      trigger,
      body: JSON.stringify({ trigger, data: { event_id, ...dataOf(event, meaning, vendor, settles) } }),
    };
  });
}

function dataOf(event: WriteEvent, { write_status, uncertain }: Meaning, vendor: string, settles: boolean): object {
  const { job_id, sequence, integration_id, model, operation, record_id, x_id, state, at } = event;
  const isGood = write_status === 'SUCCESS' || write_status === 'PENDING';
  return {
    sequence,
    at,
    integration_id,
    vendor,
    // Published under this name; the same as job_id.
    root_job_id: job_id,
    job_id,
    model,
    operation,
    record_id,
    x_id,
    write_status,
    state,
    outcome: uncertain ? 'uncertain' : 'certain',
    settles_doubt: settles,
    // Why it failed may repeat what was sent; so it is told to who has a key.
    errors: isGood ? [] : [`GET /v1/admin/write-status/${job_id} says why.`],
  };
}

/** @param id A new one for each time. */
export function plainMessage(trigger: typeof VERIFICATION | typeof TEST, id: string, endpointId: string, at: Date): Message {
  const event_id = `${id}-${trigger.toLowerCase()}`;
  return {
    event_id,
    trigger,
    body: JSON.stringify({ trigger, data: { event_id, at: at.toISOString(), webhook_id: endpointId } }),
  };
}
