/**
 * The users of a NATS server that serves a whole stack: one for each service, named like it, with the rights that the contracts give it.
 *
 * Promises: a new worker gets its user by being there. Fails with an Error when a worker belongs to no PMS library.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { NatsUser, Party } from '#messaging';
import { members, readJson, text, writePrivateJson } from './files.ts';
import { INTERNAL, servesSlug, type Service } from './services.ts';

/** By the name of the user. */
export type Passwords = Readonly<Record<string, string>>;

const PASSWORD_BYTES = 24;

/** Loaded when needed: the launcher has other things to start meanwhile. */
export async function natsUsersOf(services: readonly Service[]): Promise<readonly NatsUser[]> {
  const { loadCatalog } = await import('#service-kit');
  const { list } = await loadCatalog();
  return services
    .filter(({ role }) => INTERNAL.includes(role))
    .map((service) => {
      const { name, role } = service;
      if (role !== 'worker') return { name, party: name as Party };
      const pms = list.find(({ slug }) => servesSlug(service, slug))?.slug;
      if (pms === undefined) throw new Error(`${name} belongs to no library of libs/pms`);
      return { name, party: role, pms };
    });
}

/** The `authorization` block of the server's settings. */
export async function authorizationOf(services: readonly Service[], passwordOf: (name: string) => string): Promise<string> {
  const [users, { authorizationFor }] = await Promise.all([natsUsersOf(services), import('#messaging')]);
  return authorizationFor(users, ({ name }) => passwordOf(name));
}

/** The passwords of last time from `nats-users.json` in the state folder, mode 600, and new ones for who has none. */
export function natsPasswords(directory: string, services: readonly Service[]): Passwords {
  const file = join(directory, 'nats-users.json');
  const known = members(readJson(file));
  const passwords = Object.fromEntries(
    services
      .filter(({ role }) => INTERNAL.includes(role))
      .map(({ name }) => [name, text(known[name]) ?? randomBytes(PASSWORD_BYTES).toString('hex')]),
  );
  writePrivateJson(file, { ...known, ...passwords });
  return passwords;
}
