import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { acme, CREDENTIALS, LOGIN } from '../testing/acme.ts';
import { Account, UnusableAccount } from './account.ts';

const accountOf = (credentials: Record<string, string> = CREDENTIALS, baseUrl: string | null = null, pms = acme()): Account =>
  new Account(pms, 'int', credentials, baseUrl);

describe(Account, () => {
  it('shows its credentials to nobody who only looks at it', () => {
    const account = accountOf();
    const shown = [
      inspect(account, { depth: 9, showHidden: true, getters: true }),
      JSON.stringify(account),
      JSON.stringify({ ...account }),
    ];

    expect(account.reveal()).toEqual(CREDENTIALS);
    expect(account.secrets()).toEqual([CREDENTIALS.key, CREDENTIALS.password]);
    for (const text of shown) for (const secret of account.secrets()) expect(text).not.toContain(secret);
  });

  it.each(['a\r\nx-evil: 1', 'a\nb', 'a\u0000b', 'a\u007fb', 'č', 'Ċ', '🔑'])('refuses %j as a key for a header', (key) => {
    expect(() => accountOf({ ...CREDENTIALS, key })).toThrow(UnusableAccount);
  });

  it('refuses control characters in every credential, and lets others through where no header is', () => {
    const pms = acme({ auth: LOGIN });

    expect(() => accountOf({ ...CREDENTIALS, password: 'a\rb' }, null, pms)).toThrow(UnusableAccount);
    expect(accountOf({ ...CREDENTIALS, password: 'čau 🔑' }, null, pms).reveal()['password']).toBe('čau 🔑');
  });

  it('refuses what is no header value in a token that stands for the login', () => {
    const pms = acme({ auth: { ...LOGIN, unless: { credential: 'key', header: 'x-partner' } } });

    expect(() => accountOf({ ...CREDENTIALS, key: 'č' }, null, pms)).toThrow(UnusableAccount);
  });

  it.each([
    'nonsense',
    'ftp://pms.example',
    'https://jo:pw@pms.example',
    'https://pms.example/?a=',
    'https://pms.example/#',
    'https://',
  ])('refuses the address %s', (baseUrl) => expect(() => accountOf(CREDENTIALS, baseUrl)).toThrow(UnusableAccount));

  it('takes the address of the integration, or else the one that the credentials make', () => {
    expect(accountOf(CREDENTIALS, 'https://eu.acme.example/api/').baseUrl).toBe('https://eu.acme.example/api');
    expect(accountOf().baseUrl).toBe('https://api.acme.example');
  });

  it('says no secret when the credentials make no address', () => {
    const pms = acme({
      baseUrl: ({ key }) => {
        throw new Error(`bad ${key}`);
      },
    });
    const build = () => accountOf(CREDENTIALS, null, pms);

    expect(build).toThrow(new UnusableAccount('The credentials do not make an address of Acme.'));
  });
});
