import type { Capability } from '#capabilities';
import type { Ending, Job, Journal } from '../src/job.ts';
import { perform } from '../src/perform.ts';
import { widgets, type RemoteWidget } from './acme.ts';
import { speakingTo, type Setting } from './client.ts';
import { json, type Answer } from './vendor.ts';

export const NEW: Omit<Job, 'capability'> = {
  operation: 'create',
  values: { name: 'gear', box_id: 'our-box', print: 'fragile' },
  references: { box_id: '7' },
  recordId: null,
  done: {},
};
export const CHANGE: Omit<Job, 'capability'> = {
  ...NEW,
  operation: 'update',
  values: { name: 'cog' },
  references: {},
  recordId: '5',
};
export const STORED: RemoteWidget & Record<string, unknown> = {
  Id: 5,
  Name: 'gear',
  Kept: 'as it is',
  LabelId: null,
  Owner: 'not ours',
};

/** Makes widget 5 and label 9, shows widget 5, takes every change. */
export const KIND: Answer = ({ method, target }, response) => {
  if (method === 'GET') return json(response, STORED);
  return json(response, target.includes('label') ? { Id: 9 } : { Id: 5 }, 201);
};

export interface Noted {
  readonly ending: Ending;
  /** What happened, in its order: requests as the vendor saw them, notes as the journal took them. */
  readonly events: string[];
  readonly bodies: unknown[];
  readonly memos: Readonly<Record<string, unknown>>[];
}

/** Performs a job of widgets against a vendor, by default a kind one. */
export async function performing(
  job: Omit<Job, 'capability'>,
  setting: Partial<Setting> & { capability?: Capability; journal?: Partial<Journal> } = {},
): Promise<Noted> {
  const events: string[] = [];
  const memos: Readonly<Record<string, unknown>>[] = [];
  const { answer = KIND, journal = {}, capability = widgets(), ...rest } = setting;
  const { client, vendor } = await speakingTo({
    ...rest,
    widget: capability,
    answer: (request, response, count) => {
      events.push(`${request.method} ${request.target}`);
      return answer(request, response, count);
    },
  });
  const ending = await perform(
    client,
    { ...job, capability },
    {
      sending: async (step, memo) => {
        events.push(`sending ${step}`);
        memos.push(memo);
        return journal.sending?.(step, memo);
      },
      finished: async (step, result, attempt) => {
        events.push(`finished ${step} ${result.x_id ?? '-'}`);
        return journal.finished?.(step, result, attempt);
      },
    },
  );
  return { ending, events, memos, bodies: vendor.seen.map(({ body }) => (body === '' ? null : (JSON.parse(body) as unknown))) };
}

export const answering =
  (status: number, body = '{}', headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    void response.writeHead(status, headers).end(body);
/** Shows the record, and answers writes otherwise. */
export const toWrites =
  (answer: Answer): Answer =>
  (request, response, count) =>
    request.method === 'GET' ? json(response, STORED) : answer(request, response, count);
