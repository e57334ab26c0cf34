import { describe, expect, it } from '@jest/globals';
import { readinessUrl, servesSlug, settingsFor, type Role } from './services.ts';

const around = {
  directory: '/state',
  natsUrl: 'nats://127.0.0.1:1',
  databaseUrl: 'postgresql://secret@127.0.0.1:2/latchkey',
  sandboxHost: '127.0.0.1:3',
};
const ports = { public: 10, internal: 20 };
const namesFor = (role: Role) => Object.keys(settingsFor(around, { name: `worker-${role}`, role }, ports));

describe(settingsFor.name, () => {
  it('gives the database to owners only', () => {
    const roles: readonly Role[] = ['sandbox', 'owner', 'worker', 'gateway'];

    expect(roles.filter((role) => namesFor(role).includes('DATABASE_URL'))).toEqual(['owner']);
  });

  it('gives a key ring to workers and to who seals by himself, and the gateway no way to the sandbox', () => {
    const settings = settingsFor(around, { name: 'worker-acme', role: 'worker' }, ports);

    expect(settings).toMatchObject({ LATCHKEY_KEYRING: '/state/keys/acme.json', LATCHKEY_EGRESS_ALLOW: '127.0.0.1:3' });
    expect(settingsFor(around, { name: 'sealer', role: 'owner', seals: true }, ports)).toMatchObject({
      LATCHKEY_KEYRING: '/state/keys/sealer.json',
    });
    expect(namesFor('owner')).not.toContain('LATCHKEY_KEYRING');
    expect(namesFor('gateway')).not.toContain('LATCHKEY_EGRESS_ALLOW');
  });

  it('leaves out what the stack does not have', () => {
    expect(settingsFor({ directory: '/state' }, { name: 'worker-acme', role: 'worker' }, ports)).not.toHaveProperty('NATS_URL');
  });
});

describe(servesSlug.name, () => {
  it('knows a worker by its PMS, in one word or two', () => {
    const worker = { name: 'worker-acme-homes', role: 'worker' } as const;

    expect(servesSlug(worker, 'acmehomes')).toBe(true);
    expect(servesSlug(worker, 'acme')).toBe(false);
    expect(servesSlug({ name: 'worker-acme', role: 'gateway' }, 'acme')).toBe(false);
  });
});

describe(readinessUrl.name, () => {
  it('asks the sandbox on its only port and everyone else on the internal one', () => {
    expect(readinessUrl({ name: 'sandbox', role: 'sandbox' }, ports)).toBe('http://127.0.0.1:10/_health');
    expect(readinessUrl({ name: 'gateway', role: 'gateway' }, ports)).toBe('http://127.0.0.1:20/readyz');
  });
});
