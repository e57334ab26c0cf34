import { describe, expect, it } from '@jest/globals';
import { readSettings } from './settings.ts';

describe(readSettings.name, () => {
  it('has a default for everything but the database and the keyring', () => {
    expect(readSettings({})).toMatchObject({ production: true, nats: { url: 'nats://127.0.0.1:4222' }, databaseUrl: undefined });
  });

  it('names every variable that is wrong', () => {
    expect(() => readSettings({ PORT: 'abc', NATS_URL: 'http://x' })).toThrow(/PORT[\s\S]*|NATS_URL[\s\S]*/);
    expect(() => readSettings({ PORT: 'abc', NATS_URL: 'http://x' })).toThrow(/NATS_URL must be/);
  });

  it('refuses to open private addresses in production', () => {
    expect(() => readSettings({ NODE_ENV: 'production', LATCHKEY_EGRESS_ALLOW: '127.0.0.1:4700' })).toThrow(/for development/);
    expect(readSettings({ NODE_ENV: 'development', LATCHKEY_EGRESS_ALLOW: 'a:1,b:2' }).egress.allow).toEqual(['a:1', 'b:2']);
  });

  it('refuses failpoints in production', () => {
    const armed = { LATCHKEY_FAILPOINTS: 'claim.after-commit=crash' };

    expect(() => readSettings({ NODE_ENV: 'production', ...armed })).toThrow(/for tests/);
    expect(readSettings({ NODE_ENV: 'test', ...armed }).failpoints).toBe(armed.LATCHKEY_FAILPOINTS);
  });

  it('refuses a lease that ends before a call can', () => {
    expect(() => readSettings({ LATCHKEY_LEASE_MS: '5000', LATCHKEY_PMS_TIMEOUT_MS: '5000' })).toThrow(/must exceed/);
  });
});
