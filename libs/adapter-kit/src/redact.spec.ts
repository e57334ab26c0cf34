import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { redact, strike } from './redact.ts';

const timed = (work: () => void): number => {
  const began = performance.now();
  work();
  return performance.now() - began;
};

describe(redact, () => {
  it('leaves ordinary words as they are', () => {
    const words = 'LeaseId is required and must be > 0; see field 2 of 12.';

    expect(redact(words)).toBe(words);
  });

  it('takes out the values that were sent, however deep and in whatever case', () => {
    const values = { first_name: 'Ada', notes: 'owes $5 (really)', list: [{ city: 'Springfield' }], zip: 'AB' };

    expect(redact('ADA of springfield owes $5 (really), zip AB', values)).toBe('[redacted] of [redacted] [redacted], zip AB');
  });

  it.each(["O'Brien & <Sons>", 'a/b?c d', 'say "hi"'])('takes out %j as HTML, URL and JSON write it', (value) => {
    const html = value
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll("'", '&#39;')
      .replaceAll('"', '&quot;');
    for (const form of [html, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)])
      expect(redact(`before ${form} after`, { value })).toBe('before [redacted] after');
  });

  it('does not mangle its own mark', () => {
    expect(redact('act on Red', { one: 'Red', other: 'act' })).toBe('[redacted] on [redacted]');
  });

  it.each(['ada@example.com', 'ada.l+x@mail.example.co.uk', 'jürgen@exämple.de', `${'a'.repeat(100)}@example.com`])(
    'takes out the address %s',
    (address) => expect(redact(`write to ${address} now`)).toBe('write to [redacted] now'),
  );

  it.each(['123-45-6789', '1990-01-31', '(555) 123-4567', '555.123.4567', '+1 555 123 4567', '4111 1111 1111 1111'])(
    'takes the digits of %s out',
    (number) => expect(redact(`number ${number}!`)).not.toMatch(/\d{3}/),
  );

  it('takes out markup, so that nothing in it can run', () => {
    expect(redact('<p>Not <b>valid</b></p><script>alert(1)</script>')).toBe('Not valid alert(1)');
    expect(redact('<img <x>src=y onerror=alert(1)>')).not.toMatch(/<[a-z]/i);
    expect(redact('<<b>script>x')).not.toMatch(/<[a-z]/i);
  });

  it('takes out control characters and those that turn the writing round', () => {
    expect(redact('a\r\n\u001b[31mb\u0000c\u202ed\u2028e')).toBe('a [31mb c d e');
  });

  it('is never longer than 500 characters', () => {
    fc.assert(fc.property(fc.string({ maxLength: 3_000 }), (text) => redact(text).length <= 500));
  });

  it('shows nothing of a value that lies across the end of what is looked at', () => {
    const secret = 'the-quick-brown-secret';
    const text = `${'<b></b>'.repeat(2_857)}${secret}`.slice(0, 20_010);

    expect(redact(text, { secret })).not.toContain('the-quick');
  });

  it.each([
    ['letters', 'a'.repeat(1_000_000)],
    ['opened tags', '<'.repeat(1_000_000)],
    ['half addresses', 'a@'.repeat(500_000)],
    ['an address without end', `a@${'a.'.repeat(500_000)}`],
    ['digits', '1 '.repeat(500_000)],
    ['brackets', '1((1))'.repeat(200_000)],
    ['blanks', ' '.repeat(1_000_000)],
  ])('takes little time over %s', (_, text) => {
    expect(timed(() => redact(text, { value: 'aaaaaaa', other: 'x'.repeat(50) }))).toBeLessThan(100);
  });
});

describe(strike, () => {
  it('takes out nothing where nothing is secret', () => {
    expect(strike('as it is', ['', '  ', 'ab'])).toBe('as it is');
  });

  it('takes any secret for a text, never for a pattern', () => {
    fc.assert(
      fc.property(
        fc
          .string({ minLength: 3 })
          .filter((text) => text.trim().length >= 3 && !'[redacted]'.includes(text.trim().toLowerCase())),
        (secret) => !strike(`x ${secret} y`, [secret]).toLowerCase().includes(secret.trim().toLowerCase()),
      ),
    );
  });
});
