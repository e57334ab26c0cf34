/**
 * Which services a stack has, and what each is told through its environment. One table, no branches: a new worker is found by its
 * folder, a new setting is one line.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { compiled, inRoot } from './repository.ts';

/** What a service is to the stack. Owners have a database schema. */
export type Role = 'sandbox' | 'owner' | 'worker' | 'gateway';

/** One service, before it has ports. */
export interface Service {
  readonly name: string;
  readonly role: Role;
  /** The app of which this is one process more. @default it has the name of its app */
  readonly replicaOf?: string;
  /** Seals and opens secrets besides the workers, with a ring of its own. @default workers only */
  readonly seals?: true;
}

/** Addresses that the whole stack shares; each is undefined until it is known, or where the stack has no such thing. */
export interface Surroundings {
  readonly directory: string;
  natsUrl?: string;
  databaseUrl?: string;
  /** `host:port` */
  sandboxHost?: string;
  /** Passwords of the users of our own NATS server; undefined for a server that is not ours. */
  natsPasswords?: Readonly<Record<string, string>>;
}

/** The ports of one service; each is undefined when its role has none. */
export interface ServicePorts {
  readonly public: number | undefined;
  readonly internal: number | undefined;
}

const WORKER = 'worker-';

const FIXED: readonly Service[] = [
  { name: 'sandbox', role: 'sandbox' },
  { name: 'router', role: 'owner' },
  { name: 'status', role: 'owner' },
  { name: 'cache-sync', role: 'owner' },
  { name: 'webhooks', role: 'owner', seals: true },
  { name: 'gateway', role: 'gateway' },
];

/** Roles that customers or workers call over HTTP. */
export const PUBLIC: readonly Role[] = ['sandbox', 'gateway'];

/** Roles with health and metrics on a port of their own. */
export const INTERNAL: readonly Role[] = ['owner', 'worker', 'gateway'];

const EVERYONE: readonly Role[] = ['sandbox', 'owner', 'worker', 'gateway'];

/** The folder in `apps`. */
export const appOf = ({ name, replicaOf }: Service): string => replicaOf ?? name;

/** Every service so many times, the sandbox once: `status`, `status-2`, ... */
export const replicated = (services: readonly Service[], times: number): readonly Service[] =>
  services.flatMap((service) => {
    const more = service.role === 'sandbox' ? 0 : times - 1;
    return [
      service,
      ...Array.from({ length: more }, (_, nth) => ({ ...service, name: `${service.name}-${nth + 2}`, replicaOf: service.name })),
    ];
  });

/** The PMS of a worker: its folder's name without the prefix. */
export const pmsOf = (service: Service): string => appOf(service).slice(WORKER.length);

/** Whether this worker is the one for what the sandbox plays at `/<slug>`. One may write a name in one word, the other in two. */
export const servesSlug = (service: Service, slug: string): boolean =>
  service.role === 'worker' && pmsOf(service).replaceAll('-', '') === slug.replaceAll('-', '');

/** Whether a service has a key ring. */
export const hasKeyring = ({ role, seals }: Service): boolean => role === 'worker' || seals === true;

/** The file in which the key ring of a worker, or of another service that seals, is kept. */
export const keyringFile = (directory: string, service: Service): string =>
  join(directory, 'keys', `${service.role === 'worker' ? pmsOf(service) : appOf(service)}.json`);

/** Every service of this repository whose program is built, workers in alphabetical order. */
export function findServices(): readonly Service[] {
  // An image holds what was built, and no sources.
  const apps = [inRoot('apps'), inRoot('dist', 'apps')].find((folder) => existsSync(folder)) ?? inRoot();
  const workers = readdirSync(apps)
    .filter((name) => name.startsWith(WORKER))
    .sort()
    .map((name): Service => ({ name, role: 'worker' }));
  return [...FIXED, ...workers].filter(({ name }) => existsSync(compiled(name, 'main')));
}

interface Setting {
  readonly name: string;
  readonly given: readonly Role[];
  readonly value: (around: Surroundings, service: Service, ports: ServicePorts) => string | number | undefined;
}

const SETTINGS: readonly Setting[] = [
  { name: 'NODE_ENV', given: EVERYONE, value: () => process.env.NODE_ENV ?? 'development' },
  { name: 'LOG_LEVEL', given: EVERYONE, value: () => process.env.LOG_LEVEL ?? 'info' },
  { name: 'HOST', given: EVERYONE, value: () => '127.0.0.1' },
  { name: 'PORT', given: PUBLIC, value: (_around, _service, ports) => ports.public },
  { name: 'INTERNAL_PORT', given: INTERNAL, value: (_around, _service, ports) => ports.internal },
  { name: 'NATS_URL', given: INTERNAL, value: (around) => around.natsUrl },
  // Those of the environment are for a server that is not ours.
  {
    name: 'NATS_USER',
    given: INTERNAL,
    value: (around, service) => (around.natsPasswords ? appOf(service) : process.env.NATS_USER),
  },
  {
    name: 'NATS_PASSWORD',
    given: INTERNAL,
    value: (around, service) => (around.natsPasswords ? around.natsPasswords[appOf(service)] : process.env.NATS_PASSWORD),
  },
  { name: 'DATABASE_URL', given: ['owner'], value: (around) => around.databaseUrl },
  {
    name: 'LATCHKEY_KEYRING',
    given: ['worker', 'owner'],
    value: (around, service) => (hasKeyring(service) ? keyringFile(around.directory, service) : undefined),
  },
  // Owners too: the one that stores an integration's address checks it by the same rule by which workers will reach it.
  { name: 'LATCHKEY_EGRESS_ALLOW', given: ['worker', 'owner'], value: (around) => around.sandboxHost },
  // Compiled code is kept between starts: about a third less start-up time.
  { name: 'NODE_COMPILE_CACHE', given: EVERYONE, value: (around) => join(around.directory, 'compile-cache') },
];

/** The settings of one service. A setting without a value is left out. */
export function settingsFor(around: Surroundings, service: Service, ports: ServicePorts): Record<string, string> {
  const given = SETTINGS.filter((setting) => setting.given.includes(service.role));
  return Object.fromEntries(
    given.flatMap(({ name, value }) => {
      const found = value(around, service, ports);
      return found === undefined ? [] : [[name, String(found)]];
    }),
  );
}

/** Where a service says that it works. */
export const readinessUrl = ({ role }: Service, ports: ServicePorts): string =>
  role === 'sandbox' ? `http://127.0.0.1:${ports.public}/_health` : `http://127.0.0.1:${ports.internal}/readyz`;
