import { parseArgs } from 'node:util';
import { MikroORM } from '@mikro-orm/postgresql';
import { MessageBus } from '#messaging';
import { ownerOptions } from '#persistence';
import { readSettings } from '#service-kit';
import { resealAll } from './resealing.ts';
import { IntegrationsRepository } from './store/integrations.repository.ts';
import { DIRECTORY } from './store/schema.ts';

/**
 * One step of a rotation of keys, for whoever runs Latchkey: `node reseal.js --pms <slug> --key <id>`, while the services run.
 *
 * Puts every stored credential of the PMS under the key, which must be the active one of its worker's ring. May be broken off and repeated.
 * Prints one line of JSON: `resealed`, and `unreadable`, the credentials that no key of the ring opens. Ends with 1 and a reason when the
 * worker does not answer or has another active key.
 */
const { values } = parseArgs({ options: { pms: { type: 'string' }, key: { type: 'string' } } });
if (!values.pms || !values.key) throw new Error('Say whose credentials to seal with which key: --pms <slug> --key <id>.');
const { databaseUrl, nats } = readSettings();
if (!databaseUrl) throw new Error('DATABASE_URL is needed: the router keeps its directory there.');

const { url, ...login } = nats;
const orm = await MikroORM.init(ownerOptions(databaseUrl, DIRECTORY, { max: 1, patient: true }));
const bus = await MessageBus.connect({ servers: url, ...login });
try {
  const count = await resealAll(new IntegrationsRepository(orm.em), bus, values.pms, values.key);
  process.stdout.write(`${JSON.stringify(count)}\n`);
} finally {
  await bus.close();
  await orm.close(true);
}
