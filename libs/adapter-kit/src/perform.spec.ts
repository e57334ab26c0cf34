import { afterEach, describe, expect, it } from '@jest/globals';
import { fromPayload, Unsendable, type Capability, type OperationSpec, type Step } from '#capabilities';
import { Problem } from '#problem';
import { LOGIN, widgets, type RemoteWidget } from '../testing/acme.ts';
import { closeAll } from '../testing/client.ts';
import { CHANGE, NEW, performing, STORED } from '../testing/performing.ts';
import { json, type Answer } from '../testing/vendor.ts';
import { perform } from './perform.ts';

afterEach(closeAll);

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
