import { describe, expect, it } from '@jest/globals';
import { Problem, pointerTo, pointerTokens, toPublishedIssue } from './index.ts';

describe(Problem.name, () => {
  it('survives the way over NATS with its code, detail, issues and delay', () => {
    const sent = new Problem('rate_limited', 'Slow down.', {
      retryAfterSeconds: 7,
      errors: [{ pointer: '/a', code: 'required', detail: 'a is needed.' }],
    });

    const received = Problem.from(JSON.parse(JSON.stringify(sent.toWire())));

    expect(received).toMatchObject({ code: 'rate_limited', status: 429, detail: 'Slow down.', retryAfterSeconds: 7 });
    expect(received.errors).toEqual(sent.errors);
  });

  it('turns a foreign error into `internal` without its words', () => {
    const problem = Problem.from(new Error('password=hunter2'));

    expect(problem.code).toBe('internal');
    expect(JSON.stringify(problem.toDocument())).not.toContain('hunter2');
  });

  it('does not take a look-alike code for a problem', () => {
    expect(Problem.fromWire({ problem: true, code: 'constructor', detail: 'x', errors: [] })).toBeUndefined();
  });

  it('carries the published envelope inside the problem document', () => {
    const problem = Problem.invalid([{ pointer: '/notes', code: 'unsupported_field', detail: 'No notes.' }]);

    expect(problem.toDocument('urn:request:1')).toMatchObject({
      status: 400,
      instance: 'urn:request:1',
      error: {
        code: 'invalid_request',
        details: { issues: [{ code: 'unrecognized_keys', keys: ['notes'], path: [], message: 'No notes.' }] },
      },
    });
  });
});

describe(toPublishedIssue.name, () => {
  it('keeps the path of an issue that is not about a key', () => {
    expect(toPublishedIssue({ pointer: '/pets/0/name', code: 'too_long', detail: 'd' })).toEqual({
      code: 'too_big',
      path: ['pets', 0, 'name'],
      message: 'd',
    });
  });
});

describe(`${toPublishedIssue.name}, of a query`, () => {
  it('names the parameter as a member', () => {
    const about = { pointer: '', parameter: 'limit', detail: 'd' } as const;

    expect(toPublishedIssue({ ...about, code: 'unknown_field' })).toMatchObject({ keys: ['limit'], path: [] });
    expect(toPublishedIssue({ ...about, code: 'invalid_value' })).toMatchObject({ code: 'custom', path: ['limit'] });
  });
});

describe(pointerTo.name, () => {
  it('is undone by pointerTokens', () => {
    expect(pointerTokens(pointerTo('a/b', 0, 'c~d'))).toEqual(['a/b', 0, 'c~d']);
  });
});
