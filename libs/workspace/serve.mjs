/**
 * `nx serve <app>`: one built app with the settings of a local stack, started again whenever its build changes. `DATABASE_URL` and `NATS_URL`
 * name the servers; any other variable of the environment goes before the stack's.
 *
 * Promises: an owner's schema is up to date and a worker has a key ring before it starts; ends as the app ends. Plain JavaScript on the
 * compiled table of the local stack, so that what a service is told stands in one place.
 * Fails with 1 when there is no such app, or when its schema can't be brought up to date.
 */
import { spawn, spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const stack = (file) => import(join(root, 'dist/libs/local-stack/src', file));
const { findServices, keyringFile, settingsFor } = await stack('services.js');
const { ensureKeyring } = await stack('keyring.js');

/** Where the sandbox is unless PORT says otherwise to it alone. */
const PUBLIC_PORTS = { gateway: 4600, sandbox: 4700 };
const directory = join(root, '.latchkey');

const service = findServices().find(({ name }) => name === process.argv[2]);
if (!service) {
  process.stderr.write(`There is no built app "${process.argv[2]}".\n`);
  process.exit(1);
}
const { DATABASE_URL: databaseUrl, NATS_URL: natsUrl } = process.env;
const around = { directory, databaseUrl, natsUrl, sandboxHost: `127.0.0.1:${PUBLIC_PORTS.sandbox}` };
const env = { ...settingsFor(around, service, { public: PUBLIC_PORTS[service.name], internal: 0 }), ...process.env };
const program = (name) => join(root, 'dist/apps', service.name, 'src', `${name}.js`);

if (service.role === 'worker') ensureKeyring(keyringFile(directory, service));
if (service.role === 'owner') {
  const { status } = spawnSync(process.execPath, [program('migrate')], { env, stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}

const child = spawn(process.execPath, ['--enable-source-maps', '--watch-path=dist', program('main')], {
  cwd: root,
  env,
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));
