import { createHmac, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { keyOf, newSecret } from './secret.ts';
import { legacySignature, signatureHeaders, TOLERANCE_SECONDS, verify, verifyLegacy, type ReceivedHeaders } from './signature.ts';

// No library can import a test; what runs it may load one.
const FIGURES = new URL('../../../test/quality/figure.ts', import.meta.url).href;
const { figure } = (await import(FIGURES)) as { figure: (code: string, text: string) => void };

const SECRET = newSecret();
const NOW = 1_700_000_000_000;
const message = { id: 'msg-1', timestamp: NOW / 1_000, body: '{"trigger":"X"}' };
const signed = (changes: Partial<typeof message> = {}, ...secrets: readonly string[]) => ({
  headers: signatureHeaders(secrets.length > 0 ? secrets : [SECRET], { ...message, ...changes }),
  body: changes.body ?? message.body,
});
const judged = (received: { headers: ReceivedHeaders; body: string | Uint8Array }, now = NOW, secret = SECRET) =>
  verify(secret, received, now);

describe(newSecret.name, () => {
  it('makes secrets of 256 bits in the standard form, each another', () => {
    expect(SECRET).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(keyOf(SECRET)).toHaveLength(32);
    expect(newSecret()).not.toBe(newSecret());
  });
});

describe(keyOf.name, () => {
  it.each([
    ['of a customer', 'a secret of mine'],
    ['with the prefix and no base64', 'whsec_not base64 at all, is it?'],
    ['with the prefix and too few bytes', `whsec_${randomBytes(8).toString('base64')}`],
  ])('takes a secret %s as it is written', (_, secret) => {
    expect(keyOf(secret).toString()).toBe(secret);
  });
});

describe(signatureHeaders.name, () => {
  it('signs as the standard says', () => {
    const key = Buffer.from(SECRET.slice(6), 'base64');
    const expected = createHmac('sha256', key).update(`msg-1.${message.timestamp}.${message.body}`).digest('base64');

    expect(signatureHeaders([SECRET], message)).toEqual({
      'webhook-id': 'msg-1',
      'webhook-timestamp': '1700000000',
      'webhook-signature': `v1,${expected}`,
    });
  });

  it('agrees with the example of the standard', () => {
    // From the reference libraries of Standard Webhooks.
    const headers = signatureHeaders(['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'], {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      timestamp: 1614265330,
      body: '{"test": 2432232314}',
    });

    expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });
});

describe(verify.name, () => {
  it('believes what was signed, as text and as bytes', () => {
    expect(judged(signed())).toEqual({ ok: true, id: 'msg-1' });
    expect(judged({ ...signed(), body: Buffer.from(message.body) })).toEqual({ ok: true, id: 'msg-1' });
  });

  it('believes the former secret and the new one while a secret changes', () => {
    const next = newSecret();
    const received = signed({}, next, SECRET);

    expect([judged(received), judged(received, NOW, next)]).toEqual([
      { ok: true, id: 'msg-1' },
      { ok: true, id: 'msg-1' },
    ]);
  });

  const { headers } = signed();
  const FORGED: [string, Partial<Record<string, string>>, string?][] = [
    ['another body', {}, '{"trigger":"Y"}'],
    ['a body with one blank more', {}, `${message.body} `],
    ['another id', { 'webhook-id': 'msg-2' }],
    ['a timestamp that was changed', { 'webhook-timestamp': String(message.timestamp + 1) }],
    ['the dot between id and time moved', { 'webhook-id': `msg-1.${message.timestamp}` }],
    ['the signature of another endpoint', { 'webhook-signature': String(signed({}, newSecret()).headers['webhook-signature']) }],
    ['a signature of another version', { 'webhook-signature': String(headers['webhook-signature']).replace('v1,', 'v2,') }],
    ['an empty signature', { 'webhook-signature': 'v1,' }],
    ['no signature in the list', { 'webhook-signature': '' }],
    ['half a signature', { 'webhook-signature': String(headers['webhook-signature']).slice(0, 24) }],
    ['the published signature in its place', { 'webhook-signature': `v1,${legacySignature(SECRET, message.body)}` }],
  ];

  it.each(FORGED)('S33: does not believe %s', (_, changed, body = message.body) => {
    expect(judged({ headers: { ...headers, ...changed }, body })).toEqual({ ok: false, reason: 'wrong_signature' });
  });

  it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('S33: does not believe a message without %s', (name) => {
    expect(judged({ ...signed(), headers: { ...headers, [name]: undefined } })).toEqual({ ok: false, reason: 'missing_headers' });
  });

  it.each(['', 'now', '-1', '1e9', '0x65', ' 1700000000', '99999999999999999999', '1700000000.5'])(
    'S33: does not believe the time %j',
    (time) => {
      expect(judged({ ...signed(), headers: { ...headers, 'webhook-timestamp': time } })).toEqual({
        ok: false,
        reason: 'bad_timestamp',
      });
    },
  );

  it('S33: believes for five minutes either way, and no longer', () => {
    const edge = TOLERANCE_SECONDS * 1_000;

    expect([judged(signed(), NOW + edge).ok, judged(signed(), NOW - edge).ok]).toEqual([true, true]);
    expect(judged(signed(), NOW + edge + 1)).toEqual({ ok: false, reason: 'too_old' });
    expect(judged(signed(), NOW - edge - 1)).toEqual({ ok: false, reason: 'too_new' });
    figure('S33', `${FORGED.length} forgeries, missing headers, odd times and replays after ${TOLERANCE_SECONDS} s: 0 believed`);
  });

  it('S33: looks at a few signatures of a list of a hundred, however right the last is', () => {
    const right = String(headers['webhook-signature']);
    const wrong = Array.from({ length: 99 }, () => `v1,${randomBytes(32).toString('base64')}`);

    expect(judged({ ...signed(), headers: { ...headers, 'webhook-signature': [...wrong, right].join(' ') } }).ok).toBe(false);
    expect(judged({ ...signed(), headers: { ...headers, 'webhook-signature': [right, ...wrong].join(' ') } }).ok).toBe(true);
  });

  it('S33: never throws, and believes nothing at random', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constant(undefined), fc.constantFrom('v1,', 'v1', ',', ' '));
    fc.assert(
      fc.property(text, text, text, fc.string(), (id, time, signature, body) => {
        const got = { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signature };
        expect(judged({ headers: got, body }).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});

describe(verifyLegacy.name, () => {
  it('believes the HMAC of the body, in hexadecimal, and nothing else', () => {
    const told = createHmac('sha256', SECRET).update(message.body).digest('hex');
    const received = (value: string) => ({ headers: { 'propexo-signature': value }, body: message.body });

    expect(verifyLegacy(SECRET, received(told))).toBe(true);
    expect(
      [told.toUpperCase(), told.slice(1), '', legacySignature('another', message.body)].map((it) =>
        verifyLegacy(SECRET, received(it)),
      ),
    ).toEqual([false, false, false, false]);
  });
});
