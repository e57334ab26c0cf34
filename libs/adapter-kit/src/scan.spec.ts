import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { scanned } from './scan.ts';

const list = (length: number, of: (nth: number) => string): string => `[${Array.from({ length }, (_, nth) => of(nth)).join()}]`;
const record = (length: number, member: (nth: number) => string): string =>
  `{${Array.from({ length }, (_, nth) => member(nth)).join()}}`;

/** The least of a few tries, in milliseconds of processor time: the machine may be busy with something else. */
function costOf(work: () => void): number {
  const tries = Array.from({ length: 5 }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e3;
  });
  return Math.min(...tries);
}

describe(scanned, () => {
  it('leaves a document as it is', () => {
    fc.assert(
      fc.property(fc.json(), (body) => {
        expect(scanned(body)).toBe(body);
      }),
    );
  });

  it('leaves what is no document as it is', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('"', '\\', '{', '}', '[', ']', ',', ':', '1', 'e', '-', 'x', ' ')), (parts) => {
        expect(scanned(parts.join(''))).toBe(parts.join(''));
      }),
    );
  });

  it.each([
    ['1e400', 'null'],
    ['[-1E+999,1]', '[null,1]'],
    ['{"a":1e0400}', '{"a":null}'],
    [`{"a":${'9'.repeat(400)},"b":2}`, '{"a":null,"b":2}'],
    [`${'9'.repeat(250)}e99`, 'null'],
    ['[1e300,1e-400,0.5]', '[1e300,1e-400,0.5]'],
    ['"1e400"', '"1e400"'],
    ['"\\"1e400"', '"\\"1e400"'],
    ['["\\\\",1e400]', '["\\\\",null]'],
  ])('has null for numbers that are too large: %s', (body, read) => expect(scanned(body)).toBe(read));

  it('takes a page of a thousand records with sixty fields', () => {
    const page = list(1_000, (nth) => record(60, (field) => `"Field${field}":"${nth} ${field}"`));

    expect(scanned(page)).toBe(page);
  });

  it('takes a page whose records lack any of ten fields', () => {
    const lacks = (nth: number, field: number): boolean => field % 6 === 5 && ((nth * 7_919) >> (field / 6)) % 2 === 1;
    const fieldsOf = (nth: number): string[] =>
      Array.from({ length: 60 }, (_, field) => (lacks(nth, field) ? [] : [`"Field${field}":${nth}`])).flat();
    const page = list(1_000, (nth) => `{${fieldsOf(nth).join()}}`);

    expect(scanned(page)).toBe(page);
  });

  it.each([
    ['distinct names in one record', record(20_000, (nth) => `"k${nth}":1`)],
    ['distinct names in many records', list(20_000, (nth) => `{"k${nth}":1}`)],
    ['distinct pairs of few names', list(20_000, (nth) => `{"a${nth % 150}":1,"b${Math.floor(nth / 150)}":1}`)],
    ['one name again and again', record(20_000, () => '"a":1')],
    ['numbers', list(210_000, () => '0')],
    ['texts', list(110_000, () => '"a"')],
    ['records', list(110_000, () => '{}')],
    ['vast numbers', list(1_100, () => '1e999')],
    ['levels', '['.repeat(201)],
  ])('does not take too many %s', (_, body) => expect(scanned(body)).toBeUndefined());

  it.each([
    ['blanks', ' '],
    ['digits', '1'],
    ['numbers just short of too many digits', `${'1'.repeat(308)},`],
    ['exponents', '1e'],
    ['quotation marks', '"'],
    ['backslashes', '\\'],
    ['closings', ']'],
    ['colons', ':'],
  ])('is quick with five megabytes of %s', (_, part) => {
    const body = part.repeat(5_000_000 / part.length);
    for (const text of [body, `"${body}"`, `"${body}`]) expect(costOf(() => scanned(text))).toBeLessThan(100);
  });
});
