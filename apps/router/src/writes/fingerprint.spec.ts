import { describe, expect, it } from '@jest/globals';
import type { WriteRequest } from '#messaging';
import { canonicalJson, fingerprintOf } from './fingerprint.ts';

const REQUEST: WriteRequest = {
  job_id: 'j',
  principal: { organization_id: 'o', key_id: 'k', scopes: ['write'] },
  operation: 'create',
  model: 'gadgets',
  payload: { a: 1, b: [{ c: null, d: 'x' }] },
  ignore_unknown_fields: false,
  dry_run: false,
};

describe(fingerprintOf.name, () => {
  it('does not depend on the order of members, the key or the caller', () => {
    const principal = { ...REQUEST.principal, key_id: 'other' };
    const same = { ...REQUEST, principal, idempotency_key: 'x', payload: { b: [{ d: 'x', c: null }], a: 1 } };

    expect(fingerprintOf(same)).toBe(fingerprintOf(REQUEST));
  });

  it('differs with everything that the caller chose', () => {
    const others: Partial<WriteRequest>[] = [
      { operation: 'update' },
      { model: 'shelves' },
      { id: 'g1' },
      { child: 'notes' },
      { vendor: 'acme' },
      { ignore_unknown_fields: true },
      { payload: { a: 1, b: [{ c: null, d: 'y' }] } },
      { payload: { a: '1', b: [{ c: null, d: 'x' }] } },
      { payload: { a: 1, b: [{ d: 'x' }] } },
    ];
    const fingerprints = [REQUEST, ...others.map((change) => ({ ...REQUEST, ...change }))].map(fingerprintOf);

    expect(new Set(fingerprints).size).toBe(others.length + 1);
  });
});

describe(canonicalJson.name, () => {
  it('sorts members at every depth, keeps the order of lists, and escapes names', () => {
    expect(canonicalJson({ b: [2, 1], a: { 'd"': true, c: null } })).toBe('{"a":{"c":null,"d\\"":true},"b":[2,1]}');
  });
});
