import { describe, expect, it } from '@jest/globals';
import type { PmsDefinition } from '#capabilities';
import { CATALOG_OF_TESTS } from '../../testing/catalog.ts';
import { faultsOfCredentials, givenCredentials } from './credentials.ts';

const [acme] = CATALOG_OF_TESTS.list as [PmsDefinition];
const either: PmsDefinition = {
  ...acme,
  credentials: [
    { name: 'user', description: 'A user.', secret: false, required: false, requiredUnless: 'token' },
    { name: 'token', description: 'A token.', secret: true, required: false },
  ],
};
const codes = (pms: PmsDefinition, sent: Record<string, unknown>) =>
  faultsOfCredentials(pms, sent).map(({ pointer, code }) => `${pointer} ${code}`);

describe(faultsOfCredentials.name, () => {
  it('finds nothing wrong with what the PMS asks for', () => {
    expect(codes(acme, { apiKey: 'k' })).toEqual([]);
    expect(codes(acme, { apiKey: 'k', site: 'main' })).toEqual([]);
    expect(codes(acme, { apiKey: 'k', site: null })).toEqual([]);
  });

  it.each<[Record<string, unknown>, string]>([
    [{}, '/credentials/apiKey required'],
    [{ apiKey: '' }, '/credentials/apiKey required'],
    [{ apiKey: null }, '/credentials/apiKey required'],
    [{ apiKey: 5 }, '/credentials/apiKey invalid_type'],
    [{ apiKey: 'a\nb' }, '/credentials/apiKey invalid_value'],
    [{ apiKey: 'a\rb' }, '/credentials/apiKey invalid_value'],
    [{ apiKey: 'a\u0085b' }, '/credentials/apiKey invalid_value'],
    [{ apiKey: 'ü'.repeat(2_049) }, '/credentials/apiKey too_long'],
    [{ apiKey: 'k', site: 'Main' }, '/credentials/site invalid_format'],
    [{ apiKey: 'k', 'a/b': 'x' }, '/credentials/a~1b unknown_field'],
  ])('of %j says %s', (sent, fault) => {
    expect(codes(acme, sent)).toEqual([fault]);
  });

  it('asks for a credential only without the one that replaces it', () => {
    expect(codes(either, {})).toEqual(['/credentials/user required']);
    expect(codes(either, { user: 'u' })).toEqual([]);
    expect(codes(either, { token: 't' })).toEqual([]);
  });
});

describe(givenCredentials.name, () => {
  it('leaves out what is empty', () => {
    expect(givenCredentials({ a: 'x', b: '', c: null })).toEqual({ a: 'x' });
  });
});
