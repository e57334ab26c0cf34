import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { asRecordId, readAnswer, UNREADABLE } from './answer.ts';

describe(readAnswer, () => {
  it('reads whatever is JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) =>
        expect(readAnswer(JSON.stringify(value), 'done')).toEqual(JSON.parse(JSON.stringify(value))),
      ),
    );
  });

  it.each(['', ' ', '\r\n'])('takes %j for an empty body', (body) => expect(readAnswer(body, 'done')).toBeUndefined());

  it.each([
    '<html>',
    '{',
    '{"a":1}x',
    "{'a':1}",
    '\ufffd',
    '['.repeat(300) + ']'.repeat(300),
    `[${'1,'.repeat(250_001)}1]`,
    `{${'"a":1,'.repeat(125_001)}"a":1}`,
  ])('does not read what is none, or none of a PMS', (body) => expect(readAnswer(body, 'done')).toBe(UNREADABLE));

  it('reads numbers that are too large for JSON as none', () => {
    expect(readAnswer(`{"Rent":1e400,"Deposit":-${'9'.repeat(400)},"Fee":1e30}`, 'done')).toEqual({
      Rent: null,
      Deposit: null,
      Fee: 1e30,
    });
  });

  it('counts nothing inside of texts', () => {
    const body = JSON.stringify({ notes: '[{,"\\'.repeat(300_000) });

    expect(readAnswer(body, 'done')).toEqual(JSON.parse(body));
  });

  it('does not read a large error', () => {
    expect(readAnswer(JSON.stringify('x'.repeat(300_000)), 'refused')).toBe(UNREADABLE);
  });
});

describe(asRecordId, () => {
  it.each([
    [1, '1'],
    [9_007_199_254_740_991, '9007199254740991'],
    ['A-1', 'A-1'],
    [' 5 ', '5'],
    ['00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000001'],
  ])('takes %j', (value, id) => expect(asRecordId(value)).toBe(id));

  it.each([
    null,
    undefined,
    '',
    ' ',
    0,
    '0',
    -1,
    1.5,
    NaN,
    Infinity,
    9_007_199_254_740_992,
    true,
    {},
    [],
    ['1'],
    'a\nb',
    'a\u0000',
    '\ufffd',
    'x'.repeat(129),
  ])('does not take %j', (value) => expect(asRecordId(value)).toBeNull());
});
