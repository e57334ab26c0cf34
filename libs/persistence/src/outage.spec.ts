import { describe, expect, it } from '@jest/globals';
import { outageAsProblem } from './outage.ts';

const coded = (code: string): Error => Object.assign(new Error('no'), { code });

describe(outageAsProblem, () => {
  it.each([
    ['a refused connection', coded('ECONNREFUSED')],
    ['a server that shuts down', coded('57P01')],
    ['too many connections', coded('53300')],
    ['a lost connection', new Error('Connection terminated unexpectedly')],
    ['an outage that is wrapped', new Error('the query failed', { cause: coded('08006') })],
  ])('takes %s for a time to ask again', (_, error) => {
    expect(outageAsProblem(error)).toMatchObject({ code: 'unavailable', retryAfterSeconds: 2, cause: error });
  });

  it.each([
    ['a broken constraint', coded('23505')],
    ['a bug', new TypeError('x is undefined')],
    ['no error', 'text'],
  ])('leaves %s as it is', (_, error) => {
    expect(outageAsProblem(error)).toBeUndefined();
  });
});
