import { afterEach, describe, expect, it } from '@jest/globals';
import { fromPayload, Unsendable, type Capability, type OperationSpec, type Outcome, type Step } from '#capabilities';
import { Problem } from '#problem';
import { LOGIN, VISIBLE_AFTER_MS, widgets, type RemoteWidget } from '../testing/acme.ts';
import { closeAll, speakingTo, type Setting } from '../testing/client.ts';
import { json, type Answer } from '../testing/vendor.ts';
import type { Ending, Job, Journal } from './job.ts';
import { perform } from './perform.ts';

afterEach(closeAll);

const NEW: Omit<Job, 'capability'> = {
  operation: 'create',
  values: { name: 'gear', box_id: 'our-box', print: 'fragile' },
  references: { box_id: '7' },
  recordId: null,
  done: {},
};
const CHANGE: Omit<Job, 'capability'> = { ...NEW, operation: 'update', values: { name: 'cog' }, references: {}, recordId: '5' };
const STORED: RemoteWidget & Record<string, unknown> = {
  Id: 5,
  Name: 'gear',
  Kept: 'as it is',
  LabelId: null,
  Owner: 'not ours',
};

/** Makes widget 5 and label 9, shows widget 5, takes every change. */
const KIND: Answer = ({ method, target }, response) => {
  if (method === 'GET') return json(response, STORED);
  return json(response, target.includes('label') ? { Id: 9 } : { Id: 5 }, 201);
};

interface Noted {
  readonly ending: Ending;
  /** What happened, in its order: requests as the vendor saw them, notes as the journal took them. */
  readonly events: string[];
  readonly bodies: unknown[];
  readonly memos: Readonly<Record<string, unknown>>[];
}

async function performing(
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

const answering =
  (status: number, body = '{}', headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    void response.writeHead(status, headers).end(body);
/** Shows the record, and answers writes otherwise. */
const toWrites =
  (answer: Answer): Answer =>
  (request, response, count) =>
    request.method === 'GET' ? json(response, STORED) : answer(request, response, count);
const withSteps = (operation: 'create' | 'update', ...steps: [Step, ...Step[]]): Capability => {
  const base = widgets();
  return { ...base, [operation]: { ...(base[operation] as OperationSpec), steps } };
};
const stepsOf = (operation: 'create' | 'update'): readonly Step[] => (widgets()[operation] as OperationSpec).steps;
const [MAKE] = stepsOf('create') as [Step];
const [PUT] = stepsOf('update') as [Step];

describe(perform, () => {
  it('notes each step before it sends it, and each finished one before the next', async () => {
    const { ending, events, bodies } = await performing(NEW);

    expect(events).toEqual(['sending make', 'POST /widgets', 'finished make 5', 'sending label', 'POST /widgets/5/labels']);
    expect(bodies).toEqual([{ Name: 'gear', BoxId: 7 }, { Print: 'fragile' }]);
    expect(ending).toMatchObject({
      outcome: { kind: 'succeeded', x_id: '5', resolution: 'answered' },
      finished: { step: 'label', result: { x_id: null } },
      attempt: { step: 'label', evidence: 'B', pms_status: 201, message: null },
    });
  });

  it('goes on at the first step that is not done', async () => {
    const { ending, events } = await performing({ ...NEW, done: { make: { x_id: '77', memo: {} } } });

    expect(events).toEqual(['sending label', 'POST /widgets/77/labels']);
    expect(ending.outcome).toMatchObject({ kind: 'succeeded', x_id: '77' });
  });

  it('sends nothing when every step is done', async () => {
    const done = { make: { x_id: '77', memo: {} }, label: { x_id: null, memo: {} } };

    expect(await performing({ ...NEW, done })).toMatchObject({
      events: [],
      ending: { outcome: { kind: 'succeeded', x_id: '77' } },
    });
  });

  it('leaves out steps for which nothing was sent', async () => {
    const { events, ending } = await performing({ ...NEW, values: { name: 'gear' } });

    expect(events).toEqual(['sending make', 'POST /widgets']);
    expect(ending).toMatchObject({
      outcome: { kind: 'succeeded', x_id: '5' },
      finished: { step: 'make', result: { x_id: '5' } },
    });
  });

  it('says that an operation which the PMS lacks is not offered', async () => {
    const capability = { ...widgets(), create: { lacks: 'No.' } };

    expect((await performing(NEW, { capability })).ending.outcome).toMatchObject({ kind: 'failed', retriable: false });
  });
});

describe('the journal', () => {
  it('sends nothing when it can not note the sending', async () => {
    const lost = new Problem('conflict', 'Somebody else has it.');
    const calls: string[] = [];
    const answer: Answer = (request, response) => {
      calls.push(request.target);
      json(response, {});
    };

    await expect(performing(NEW, { answer, journal: { sending: () => Promise.reject(lost) } })).rejects.toBe(lost);
    expect(calls).toEqual([]);
  });

  it('stops before the next step when it can not note a finished one', async () => {
    const lost = new Problem('conflict', 'Somebody else has it.');
    const calls: string[] = [];
    const answer: Answer = (request, response) => {
      calls.push(request.target);
      json(response, { Id: 5 });
    };

    await expect(performing(NEW, { answer, journal: { finished: () => Promise.reject(lost) } })).rejects.toBe(lost);
    expect(calls).toEqual(['/widgets']);
  });

  it('names a moment after which nothing is sent', async () => {
    const { ending, events } = await performing(NEW, { journal: { sending: async () => performance.now() - 1 } });

    expect(events).toEqual(['sending make']);
    expect(ending).toMatchObject({ outcome: { kind: 'retry' }, attempt: { evidence: 'A' } });
  });

  it('is asked again after a renewed login, for the same step', async () => {
    let [logins, writes] = [0, 0];
    const answer: Answer = ({ target }, response) => {
      if (target === '/login') return json(response, { token: `t${(logins += 1)}` });
      return (writes += 1) === 1 ? json(response, {}, 401) : json(response, { Id: 5 });
    };

    const { events, ending } = await performing({ ...NEW, values: { name: 'gear' } }, { answer, pms: { auth: LOGIN } });

    expect(events).toEqual(['POST /login', 'sending make', 'POST /widgets', 'POST /login', 'sending make', 'POST /widgets']);
    expect(ending.outcome.kind).toBe('succeeded');
  });
});

describe('what an answer comes to', () => {
  const CASES: [string, Answer, Partial<Outcome>, 'A' | 'B' | 'C'][] = [
    ['a refusal', answering(422, '{"message":"Name is bad"}'), { kind: 'failed', retriable: false }, 'B'],
    ['missing rights', answering(403), { kind: 'failed', retriable: true }, 'B'],
    ['an unknown record', answering(404, ''), { kind: 'failed', retriable: true }, 'B'],
    ['a redirect', answering(302, '', { location: 'https://evil.example' }), { kind: 'failed', retriable: true }, 'B'],
    ['refused credentials', answering(401), { kind: 'hold' }, 'B'],
    ['a limit', answering(429, '', { 'retry-after': '7' }), { kind: 'retry', pause: true, after_ms: 7_000 }, 'B'],
    ['a documented "later"', answering(503), { kind: 'retry' }, 'B'],
    ['a server error', answering(500), { kind: 'doubt', policy: 'search', settle_after_ms: VISIBLE_AFTER_MS }, 'C'],
    ['a gateway error', answering(504, '<html>'), { kind: 'doubt', policy: 'search' }, 'C'],
    ['a page in place of JSON', answering(200, '<html>'), { kind: 'doubt', policy: 'search' }, 'C'],
    ['a reset', (_, response) => void response.destroy(), { kind: 'doubt', policy: 'search' }, 'C'],
    ['silence', () => {}, { kind: 'doubt', policy: 'search' }, 'C'],
    ['no id', answering(200, '{"Name":"gear"}'), { kind: 'doubt', policy: 'search' }, 'C'],
    ['an empty body', answering(200, ''), { kind: 'doubt', policy: 'search' }, 'C'],
    ['null', answering(200, 'null'), { kind: 'doubt', policy: 'search' }, 'C'],
    ['an object as id', answering(200, '{"Id":{"a":1}}'), { kind: 'doubt', policy: 'search' }, 'C'],
    ['a rounded number as id', answering(200, '{"Id":12345678901234567890}'), { kind: 'doubt', policy: 'search' }, 'C'],
    ['0 as id', answering(200, '{"Id":0}'), { kind: 'doubt', policy: 'search' }, 'C'],
  ];
  it.each(CASES)('to %s of a create', async (_, answer, outcome, evidence) => {
    const { ending, events } = await performing({ ...NEW, values: { name: 'gear' } }, { answer, timeoutMs: 200 });

    expect(ending).toMatchObject({ outcome, attempt: { step: 'make', evidence } });
    expect(ending.finished).toBeUndefined();
    expect(events).toEqual(['sending make', 'POST /widgets']);
  });

  it('is nothing when nobody can be reached', async () => {
    const capability = widgets();
    const { client, vendor } = await speakingTo({ answer: KIND, widget: capability });
    await vendor.close();

    const ending = await perform(client, { ...NEW, capability }, { sending: async () => {}, finished: async () => {} });

    expect(ending).toMatchObject({ outcome: { kind: 'retry' }, attempt: { evidence: 'A', pms_status: null } });
  });

  it('keeps what earlier steps did when a later one fails', async () => {
    const answer: Answer = ({ target }, response) =>
      target.includes('label') ? json(response, {}, 422) : json(response, { Id: 5 });

    const { ending, events } = await performing(NEW, { answer });

    expect(events).toContain('finished make 5');
    expect(ending.outcome).toMatchObject({ kind: 'failed' });
    expect(ending.finished).toBeUndefined();
  });

  it('is doubt of its own kind for a step that makes no record', async () => {
    const answer: Answer = ({ target }, response) =>
      target.includes('label') ? json(response, {}, 500) : json(response, { Id: 5 });

    expect((await performing(NEW, { answer })).ending.outcome).toMatchObject({ kind: 'doubt', policy: 'read_back' });
    expect((await performing(CHANGE, { answer: toWrites(answering(500)) })).ending.outcome).toMatchObject({
      kind: 'doubt',
      policy: 'read_back',
    });
  });

  it('tells the developer what the PMS said, without what was sent', async () => {
    const pms = { meanings: { 422: 'Look at the account.' } };

    const { ending } = await performing(
      { ...NEW, values: { name: 'Secret Name' } },
      { answer: answering(422, '{"message":"<b>Secret Name</b> is taken by jo@example.com","field":"NAME"}'), pms },
    );

    expect(ending.attempt?.message).toBe(
      'Acme refused the write (422). It says: [redacted] is taken by [redacted] name (NAME): is wrong Look at the account.',
    );
  });
});

describe('an update', () => {
  it('that replaces starts from the current record and changes what was sent', async () => {
    const { events, bodies, ending } = await performing(CHANGE);

    expect(events).toEqual(['GET /widgets/5', 'sending change', 'PUT /widgets/5']);
    expect(bodies[1]).toEqual({ Name: 'cog', Kept: 'as it is' });
    expect(ending.outcome).toEqual({ kind: 'succeeded', x_id: '5', resolution: 'answered' });
  });

  it('notes what the fields looked like before, without saying it', async () => {
    const { memos } = await performing(CHANGE);

    expect(memos).toEqual([{ before: expect.stringMatching(/^[\w-]{43}$/) }]);
    expect(JSON.stringify(memos)).not.toContain('gear');
  });

  it('with nothing to send succeeds without a call', async () => {
    expect(await performing({ ...CHANGE, values: {} })).toMatchObject({
      events: [],
      ending: { outcome: { kind: 'succeeded', x_id: '5' } },
    });
  });

  it('makes what is not there yet, and changes what is', async () => {
    const values = { print: 'heavy' };
    const labelled: Answer = ({ method }, response) => json(response, method === 'GET' ? { ...STORED, LabelId: 9 } : {});

    const first = await performing({ ...CHANGE, values });
    const second = await performing({ ...CHANGE, values }, { answer: labelled });

    expect(first.events.at(-1)).toBe('POST /widgets/5/labels');
    expect(first.bodies.at(-1)).toEqual([{ Print: 'heavy', Name: 'gear', Kept: 'as it is' }]);
    expect(second.events.at(-1)).toBe('PUT /labels/9');
    expect(second.bodies.at(-1)).toEqual({ Print: 'heavy', Name: 'gear', Kept: 'as it is' });
  });

  const NO_RECORD: [string, Answer, Partial<Outcome>][] = [
    ['lost', (_, response) => void response.destroy(), { kind: 'retry' }],
    ['answered with an error', answering(500), { kind: 'retry' }],
    ['answered with a page', answering(200, '<html>'), { kind: 'retry' }],
    ['answered with nothing', answering(200, ''), { kind: 'retry' }],
    ['answered with null', answering(200, 'null'), { kind: 'retry' }],
    ['answered with a text', answering(200, '"no"'), { kind: 'retry' }],
    ['answered with an empty object, which would clear the record', answering(200, '{}'), { kind: 'retry' }],
    ['answered with a list, which would clear the record', answering(200, '[{"Id":5}]'), { kind: 'retry' }],
    ['answered with another record', answering(200, '{"Id":6,"Name":"other"}'), { kind: 'retry' }],
    ['told to wait', answering(429, '', { 'retry-after': '3' }), { kind: 'retry', pause: true, after_ms: 3_000 }],
    ['answered with 404', answering(404), { kind: 'failed', retriable: true }],
    ['answered with no content', answering(204, ''), { kind: 'failed', retriable: true }],
    ['refused', answering(401), { kind: 'hold' }],
  ];
  it.each(NO_RECORD)('sends nothing when its reading is %s', async (_, answer, outcome) => {
    const { ending, events } = await performing(CHANGE, { answer });

    expect(ending.outcome).toMatchObject(outcome);
    expect(ending.attempt).toBeUndefined();
    expect(events).toEqual(['GET /widgets/5']);
  });
});

describe('a body that is composed', () => {
  const composing = (compose: Step['compose']): Capability => withSteps('update', { ...PUT, ...(compose && { compose }) });

  it('is made of the document and what was read', async () => {
    const capability = composing((body, { current, lookups }) => ({ ...body, was: (current as RemoteWidget).Name, lookups }));
    const update = {
      ...(capability.update as OperationSpec),
      lookups: { kinds: { method: 'GET', path: '/kinds', params: {}, query: {} } as const },
    };
    const answer: Answer = ({ method, target }, response) =>
      json(response, target === '/kinds' ? ['a'] : method === 'GET' ? STORED : {});

    const { bodies, events } = await performing(CHANGE, { capability: { ...capability, update }, answer });

    expect(events).toEqual(['GET /widgets/5', 'GET /kinds', 'sending change', 'PUT /widgets/5']);
    expect(bodies.at(-1)).toEqual({ Name: 'cog', Kept: 'as it is', was: 'gear', lookups: { kinds: ['a'] } });
  });

  it('may say that there is nothing to send', async () => {
    const { ending, events } = await performing(CHANGE, { capability: composing(() => undefined) });

    expect(events).toEqual(['GET /widgets/5']);
    expect(ending.outcome.kind).toBe('succeeded');
  });

  it('never makes a create of nothing a success', async () => {
    const capability = withSteps('create', { ...MAKE, compose: () => undefined });

    expect(await performing(NEW, { capability })).toMatchObject({ events: [], ending: { outcome: { kind: 'failed' } } });
  });

  it('may say in words why it can not be sent', async () => {
    const capability = composing(() => {
      throw new Unsendable('The account has no kind of number for that.');
    });

    const { ending, events } = await performing(CHANGE, { capability });

    expect(events).toEqual(['GET /widgets/5']);
    expect(ending).toEqual({
      outcome: { kind: 'failed', errors: ['The account has no kind of number for that.'], retriable: true },
    });
  });

  it('has no effect when it throws anything else, and the fault is kept for the log', async () => {
    const fault = new TypeError('not iterable');
    const capability = composing(() => {
      throw fault;
    });

    const { ending, events } = await performing(CHANGE, { capability });

    expect(events).toEqual(['GET /widgets/5']);
    expect(ending).toMatchObject({ outcome: { kind: 'failed', retriable: true }, fault });
  });

  it('has no effect when it is no JSON', async () => {
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;

    const { ending, events } = await performing(CHANGE, { capability: composing(() => circular) });

    expect(events).toEqual(['GET /widgets/5']);
    expect(ending.outcome.kind).toBe('failed');
  });
});

it('says what is missing in the address, and sends nothing', async () => {
  const call = {
    method: 'POST',
    path: '/{kind}',
    params: { kind: fromPayload('the kind', () => undefined) },
    query: {},
  } as const;
  const capability = withSteps('create', { ...MAKE, call });

  const { ending, events } = await performing(NEW, { capability });

  expect(events).toEqual([]);
  expect(ending.outcome).toEqual({
    kind: 'failed',
    errors: ["The write can't be sent: the kind is not known."],
    retriable: true,
  });
});
