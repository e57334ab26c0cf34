/**
 * What `docker/` says agrees with the apps: each is run, told only what it reads, probed where it listens, and no secret is written down. No
 * container is started here.
 */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import type { PmsDefinition } from '#capabilities';
import { authorizationOf } from '#local-stack';
import { jobConsumer, STREAMS } from '#messaging';
import { renderDeployment } from '#workspace';
import { apps, filesIn, inRoot, read, root, settingNames } from './repository.ts';

type Tree = { readonly [key: string]: unknown };

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
}
interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}
interface Container {
  readonly name: string;
  readonly image: string;
  readonly env: readonly Variable[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly startupProbe?: Probe;
  readonly resources: { readonly limits: Tree; readonly requests: Tree };
  readonly securityContext: Tree;
}
interface Labelled {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
}
interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly template: Labelled & {
      readonly spec: { readonly securityContext: Tree; readonly containers: readonly Container[] };
    };
    readonly scaleTargetRef: { readonly name: string };
    readonly triggers: readonly { readonly metadata: Tree }[];
    readonly ports: readonly { readonly targetPort: string }[];
  };
  readonly data?: Readonly<Record<string, string>>;
  readonly resources?: readonly string[];
}
interface ComposeService {
  readonly image?: string;
  readonly environment?: Readonly<Record<string, unknown>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly profiles?: readonly string[];
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly ports?: readonly string[];
}

const files = filesIn('docker', '.yaml');
const manifests = files
  .filter((file) => !file.endsWith('compose.yaml'))
  .flatMap((file) =>
    parseAllDocuments(read(file)).map((document) => {
      expect([file, document.errors]).toEqual([file, []]);
      return { file, ...(document.toJS() as Manifest) };
    }),
  );
const ofKind = (kind: string) => manifests.filter((manifest) => manifest.kind === kind);

const composeFiles = files.filter((file) => file.endsWith('compose.yaml'));
const compose = composeFiles.map(
  (file) => parse(read(file), { merge: true }) as { services: Record<string, ComposeService>; volumes: object },
);
/** As Compose joins files: what a later one says of a service is added. */
const composed = compose
  .flatMap(({ services }) => Object.entries(services))
  .reduce<Record<string, ComposeService>>((all, [name, service]) => {
    const environment = { ...all[name]?.environment, ...service.environment };
    return { ...all, [name]: { ...all[name], ...service, environment } };
  }, {});

const dockerfile = read('docker/Dockerfile');
const imageSettings = Object.fromEntries([...dockerfile.matchAll(/\b([A-Z_]+)=(\S+)/g)].map(([, name, value]) => [name, value]));

const names = apps().map(({ name }) => name);
const deployed = names.filter((name) => name !== 'sandbox');
const owners = names.filter((name) => existsSync(inRoot(`apps/${name}/src/migrate.ts`)));
const workers = names.filter((name) => name.startsWith('worker-'));
/** Who has a key ring. */
const sealers = names.filter((name) => workers.includes(name) || read(`apps/${name}/src/main.ts`).includes('keyringFile'));
/** `worker-acme-living` -> the PMS, whose folder it is called after. */
const pmsBehind = async (worker: string): Promise<PmsDefinition> => {
  const { pms } = (await import(`../../libs/pms/${worker.replace('worker-', '')}/src/index.ts`)) as { pms: PmsDefinition };
  return pms;
};
const passwordOf = (name: string): string => `NATS_PASSWORD_${name.toUpperCase().replaceAll('-', '_')}`;
/** The image's own variable: which app to run. */
const known = [...settingNames(), 'APP'];

describe('the manifests', () => {
  it('deploy every app but the sandbox, and nothing else', () => {
    expect(deployed.length).toBeGreaterThan(4);
    expect(
      ofKind('Deployment')
        .map(({ metadata }) => metadata.name)
        .sort(),
    ).toEqual([...deployed].sort());
  });

  it.each(ofKind('Deployment').map((it) => [it.metadata.name, it] as const))('run %s as it listens and may', (name, { spec }) => {
    const [container] = spec.template.spec.containers;
    const {
      ports = [],
      env = [],
      readinessProbe,
      livenessProbe,
      startupProbe,
      resources,
      securityContext,
    } = container ?? ({} as Container);
    const labels = spec.template.metadata.labels;

    expect(labels).toMatchObject(spec.selector.matchLabels);
    expect(labels['latchkey/role']).toBe(name === 'gateway' ? 'gateway' : owners.includes(name) ? 'owner' : 'worker');
    expect(ports.find((port) => port.name === 'internal')?.containerPort).toBe(Number(imageSettings.INTERNAL_PORT));
    expect(ports.find((port) => port.name === 'api')?.containerPort).toBe(
      name === 'gateway' ? Number(imageSettings.PORT) : undefined,
    );
    expect([readinessProbe, startupProbe, livenessProbe].map((probe) => probe?.httpGet)).toEqual([
      { path: '/readyz', port: 'internal' },
      { path: '/readyz', port: 'internal' },
      { path: '/healthz', port: 'internal' },
    ]);
    expect(Object.keys(resources.limits)).toEqual(['cpu', 'memory']);
    expect(securityContext).toMatchObject({ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false });
    expect(spec.template.spec.securityContext).toMatchObject({ runAsNonRoot: true });
    expect(env.find((variable) => variable.name === 'APP')?.value).toBe(name);
    expect(env.map((variable) => variable.name).filter((variable) => !known.includes(variable))).toEqual([]);
    expect(env.some((variable) => variable.name === 'DATABASE_URL')).toBe(owners.includes(name));
    expect(env.some((variable) => variable.name === 'LATCHKEY_KEYRING')).toBe(sealers.includes(name));
  });

  it('let one pod of each app be taken away at a time', () => {
    const budgets = ofKind('PodDisruptionBudget').map(({ metadata }) => metadata.name);

    expect(budgets.sort()).toEqual([...deployed].sort());
  });

  it.each(workers)('scale %s on the consumer that it shares', async (worker) => {
    const scaled = ofKind('ScaledObject').find(({ metadata }) => metadata.name === worker);

    expect(scaled?.spec.scaleTargetRef.name).toBe(worker);
    expect(scaled?.spec.triggers[0]?.metadata).toMatchObject({
      stream: STREAMS.jobs.name,
      consumer: jobConsumer((await pmsBehind(worker)).slug, 1).durable_name,
    });
  });

  it('migrate every owner', () => {
    const [job] = ofKind('Job');
    const containers = job?.spec.template.spec.containers ?? [];

    expect(containers.map(({ name }) => name).sort()).toEqual([...owners].sort());
    for (const { name, env } of containers) expect(env[0]?.valueFrom?.secretKeyRef).toEqual({ name, key: 'database-url' });
  });

  it('keep secrets elsewhere, and each in the secret of its own app', () => {
    expect(ofKind('Secret')).toEqual([]);
    for (const { metadata, spec } of ofKind('Deployment')) {
      const secret = spec.template.spec.containers
        .flatMap(({ env }) => env)
        .filter(({ name }) => /PASSWORD|USER|DATABASE/.test(name));
      expect(secret.map(({ valueFrom }) => valueFrom?.secretKeyRef.name)).toEqual(secret.map(() => metadata.name));
    }
  });

  it('set only what a service reads', () => {
    const set = ofKind('ConfigMap').flatMap(({ data = {} }) => Object.keys(data));

    expect(set.length).toBeGreaterThan(0);
    expect(set.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('are all named by a kustomization', () => {
    const named = ofKind('Kustomization').flatMap(({ file, resources = [] }) =>
      resources.map((resource) => `${dirname(file)}/${resource}`),
    );

    expect(named.sort()).toEqual(
      [...new Set(manifests.filter(({ kind }) => kind !== 'Kustomization').map(({ file }) => file))].sort(),
    );
  });
});

describe('compose', () => {
  it('runs every app, the sandbox only when asked', () => {
    expect(names.filter((name) => composed[name]?.environment?.APP !== name)).toEqual([]);
    expect(Object.keys(composed).filter((name) => composed[name]?.profiles)).toEqual(['sandbox']);
  });

  it('tells each app only what it reads', () => {
    const strange = names.flatMap((name) =>
      Object.keys(composed[name]?.environment ?? {}).filter((variable) => !known.includes(variable)),
    );

    expect(strange).toEqual([]);
    expect(names.filter((name) => composed[name]?.environment?.DATABASE_URL !== undefined).sort()).toEqual([...owners].sort());
    expect(names.filter((name) => composed[name]?.environment?.LATCHKEY_KEYRING !== undefined)).toEqual(sealers);
  });

  it('migrates each owner before it starts', () => {
    for (const owner of owners) {
      expect(composed[`migrate-${owner}`]).toMatchObject({ command: ['node', `dist/apps/${owner}/src/migrate.js`] });
      expect(composed[owner]?.depends_on).toMatchObject({
        [`migrate-${owner}`]: { condition: 'service_completed_successfully' },
      });
    }
  });

  it('gives each service a NATS user of its own, and the server no other', async () => {
    const printed = await authorizationOf(
      deployed.map((name) => ({ name, role: workers.includes(name) ? 'worker' : owners.includes(name) ? 'owner' : 'gateway' })),
      (name) => `$${passwordOf(name)}`,
    );
    const server = composed['nats'];

    expect(read('docker/nats.conf')).toContain('include "users/users.conf"');
    expect(server?.depends_on).toEqual({ 'nats-users': { condition: 'service_completed_successfully' } });
    expect([...printed.matchAll(/password: \$(\w+)/g)].map(([, name]) => name).sort()).toEqual(deployed.map(passwordOf).sort());
    expect(Object.keys(server?.environment ?? {}).sort()).toEqual(deployed.map(passwordOf).sort());
    for (const name of deployed) {
      const password = server?.environment?.[passwordOf(name)];
      expect(password).toMatch(new RegExp(`^\\$\\{${passwordOf(name)}:\\?`));
      expect(composed[name]?.environment).toMatchObject({ NATS_USER: name, NATS_PASSWORD: password });
    }
  });

  it('waits for what exists, and asks for health where the app listens', () => {
    for (const name of names) {
      const { depends_on = {}, healthcheck } = composed[name] ?? {};
      expect(Object.keys(depends_on).filter((needed) => !composed[needed])).toEqual([]);
      expect(healthcheck?.test.at(-1)).toContain(name === 'sandbox' ? ':4700/_health' : `:${imageSettings.INTERNAL_PORT}/readyz`);
    }
  });

  it('opens the gateway and nothing else, to this machine only', () => {
    const open = Object.entries(composed).flatMap(([name, { ports = [] }]) => ports.map((port) => `${name} ${port}`));

    expect(open).toEqual([`gateway 127.0.0.1:${imageSettings.PORT}:${imageSettings.PORT}`]);
  });
});

describe('the image', () => {
  it('exposes the ports that it sets, and runs as nobody special', () => {
    expect(dockerfile).toContain(`EXPOSE ${imageSettings.PORT} ${imageSettings.INTERNAL_PORT}`);
    expect(dockerfile.trimEnd().split('\n').slice(-8)).toContain('USER node');
    expect(Object.keys(imageSettings).filter((name) => !known.includes(name))).toEqual([]);
  });

  it('is built of files that exist', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--)(.+) \S+$/gm)].flatMap(([, list = '']) => list.split(' '));

    expect(copied).toContain('libs');
    expect(copied.filter((path) => !existsSync(inRoot(path)))).toEqual([]);
  });
});

describe('the deployment of a worker', () => {
  it.each(workers)('is what the generator writes: %s', async (worker) => {
    const rendered = await renderDeployment(worker.replace('worker-', ''), (await pmsBehind(worker)).slug, root);

    expect(rendered).toHaveLength(3);
    for (const { path, content } of rendered) expect([path, existsSync(inRoot(path)) && read(path)]).toEqual([path, content]);
  });
});
