import { parseArgs } from 'node:util';
import { MikroORM } from '@mikro-orm/postgresql';
import { ownerOptions } from '#persistence';
import { readSettings } from '#service-kit';
import { ApiKeysRepository } from './store/api-keys.repository.ts';
import { OrganizationsRepository } from './store/organizations.repository.ts';
import { DIRECTORY } from './store/schema.ts';

/**
 * The first keys of an organization, for whoever runs Latchkey: `node provision.js --organization "Name"`.
 *
 * Makes the organization if it is missing, and two new keys each time it is run (earlier ones stay valid; revoke them over the API).
 * Prints one line of JSON: `organization_id`, `api_key` (read and write), `admin_key` (also administration). Needs DATABASE_URL and a
 * migrated schema; ends with 1 and a reason when it can't.
 */
const { values } = parseArgs({ options: { organization: { type: 'string' } } });
if (!values.organization) throw new Error('Say whose keys to make: --organization "Name".');
const settings = readSettings();
if (!settings.databaseUrl) throw new Error('DATABASE_URL is needed: the router keeps its directory there.');

const orm = await MikroORM.init(ownerOptions(settings.databaseUrl, DIRECTORY, { max: 1, patient: true }));
try {
  const organization = await new OrganizationsRepository(orm.em).ensure(values.organization);
  const keys = new ApiKeysRepository(orm.em);
  const writing = await keys.create(organization.id, 'provisioned', ['read', 'write']);
  const administering = await keys.create(organization.id, 'provisioned, administration', ['read', 'write', 'admin']);
  const printed = { organization_id: organization.id, api_key: writing.key, admin_key: administering.key };
  process.stdout.write(`${JSON.stringify(printed)}\n`);
} finally {
  await orm.close(true);
}
