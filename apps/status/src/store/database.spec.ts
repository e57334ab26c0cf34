import { describe, expect, it } from '@jest/globals';
import { Problem } from '#problem';
import { absenceAsProblem, ConnectionLost } from './database.ts';

const coded = (code: string): Error => Object.assign(new Error('from the server'), { code });

describe(absenceAsProblem.name, () => {
  it.each([
    ['a broken connection', new ConnectionLost('connection lost')],
    ['a server that shuts down', coded('57P01')],
    ['a statement that took too long', coded('57014')],
    ['a disk that is full', coded('53100')],
    ['a refused connection', coded('ECONNREFUSED')],
  ])('tells a reader to come back: %s', (_what, error) => {
    expect(absenceAsProblem(error)).toMatchObject({ code: 'unavailable', retryAfterSeconds: 2 });
  });

  it.each([
    ['a bug', new TypeError('x is not a function')],
    ['a refusal of ours', Problem.notFound('write')],
    ['a value that can not be stored', coded('22P05')],
  ])('leaves alone %s', (_what, error) => {
    expect(absenceAsProblem(error)).toBeUndefined();
  });
});
