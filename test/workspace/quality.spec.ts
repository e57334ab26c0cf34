/** Every demand on Latchkey has tests or a reason, and test/QUALITY.md tells which. After a change: `npm run quality`. */
import { describe, expect, it } from '@jest/globals';
import { DEMANDS } from '../quality/codes.ts';
import { newest } from '../quality/figure.ts';
import { figuresOn, proofsIn, render, withoutFigures } from '../quality/page.ts';
import { page, PAGE, proofs } from '../quality/quality.ts';
import { read, root } from './repository.ts';

describe('a demand', () => {
  const carried = new Set(proofs(root).flatMap(({ codes }) => codes));

  it('stands once', () => {
    expect(DEMANDS.length).toBeGreaterThan(70);
    expect(new Set(DEMANDS.map(({ code }) => code)).size).toBe(DEMANDS.length);
  });

  it('has tests or a reason for having none, and not both', () => {
    const wrong = DEMANDS.filter(({ code, because }) => carried.has(code) === (because !== undefined));

    expect(wrong.map(({ code }) => `${code}: ${carried.has(code) ? 'has tests and a reason' : 'has neither'}`)).toEqual([]);
  });

  it('is known whose code a test carries', () => {
    const known = new Set<string>(DEMANDS.map(({ code }) => code));

    expect([...carried].filter((code) => !known.has(code))).toEqual([]);
  });
});

describe(PAGE, () => {
  it('tells of the tests that exist (else: npm run quality)', () => {
    expect(withoutFigures(read(PAGE))).toBe(withoutFigures(page(root)));
  });

  it('keeps a figure that was not measured again', () => {
    const demand = { code: 'R1', asks: 'It works.' } as const;
    const proof = { file: 'a.ts', codes: ['R1'], title: 'works' };
    const first = render([demand], [proof], new Map([['R1', ['0 of 7']]]));

    expect(first).toContain('- measured: 0 of 7');
    expect(figuresOn(first).get('R1')).toEqual(['0 of 7']);
    expect(withoutFigures(first)).not.toContain('measured');
  });
});

describe(proofsIn.name, () => {
  it.each([
    ["it('R1: kills', () => {});", [{ file: 'f', codes: ['R1'], title: 'kills' }]],
    ["it.each(x)('R1, S2: it\\'s so: $a', f);", [{ file: 'f', codes: ['R1', 'S2'], title: "it's so: $a" }]],
    ['{ title: `R5: a` }', [{ file: 'f', codes: ['R5'], title: 'a' }]],
    ["// R1: a comment\nit('about R1: no');", []],
  ])('finds the codes of %j', (code, found) => {
    expect(proofsIn('f', code)).toEqual(found);
  });
});

describe(newest.name, () => {
  it('takes the last of what differs only in numbers', () => {
    const measured = ['0 of 7', 'p99 3.5 ms', '1 of 9'].map((text) => ({ code: 'R1', text }));

    expect(newest(measured).get('R1')).toEqual(['1 of 9', 'p99 3.5 ms']);
  });
});
