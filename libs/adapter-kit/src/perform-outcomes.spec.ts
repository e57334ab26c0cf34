import { afterEach, describe, expect, it } from '@jest/globals';
import type { Outcome } from '#capabilities';
import { VISIBLE_AFTER_MS, widgets } from '../testing/acme.ts';
import { closeAll, speakingTo } from '../testing/client.ts';
import { answering, CHANGE, KIND, NEW, performing, STORED, toWrites } from '../testing/performing.ts';
import { json, type Answer } from '../testing/vendor.ts';
import { perform } from './perform.ts';

afterEach(closeAll);

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
  it.each(CASES)('to %s of a create', async (what, answer, outcome, evidence) => {
    const { ending, events } = await performing(
      { ...NEW, values: { name: 'gear' } },
      { answer, timeoutMs: what === 'silence' ? 200 : 5_000 },
    );

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
