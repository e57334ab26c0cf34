import { describe, expect, it } from '@jest/globals';
import { flagsOf, queryOf } from './query.ts';

describe(flagsOf.name, () => {
  it('reads true and false, and false when left out', () => {
    expect(flagsOf({ a: 'true', b: 'false' }, ['a', 'b', 'c'])).toEqual({ a: true, b: false, c: false });
  });

  it.each(['', '1', 'TRUE', 'yes', ' true'])('refuses %j', (value) => {
    expect(() => flagsOf({ a: value }, ['a'])).toThrow('The parameter a must be true or false.');
  });

  it('names what it does not know, cut and cleaned', () => {
    expect(() => flagsOf({ [`b\u001b[31m${'x'.repeat(100)}`]: 'true' }, ['a'])).toThrow(
      /^There is no parameter b\?\[31mx{58} here\.$/,
    );
  });
});

describe(queryOf.name, () => {
  it('refuses a parameter that is given twice', () => {
    expect(() => queryOf({ a: ['1', '2'], b: '3' })).toThrow('The parameter a is given more than once.');
  });

  it('keeps every name an own one', () => {
    const query = queryOf(Object.assign(Object.create(null), { ['__proto__']: 'x', a: '1' }));

    expect(Object.getPrototypeOf(query)).toBe(Object.prototype);
    expect(query.a).toBe('1');
  });
});
