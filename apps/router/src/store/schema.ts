import type { OwnedSchema } from '#persistence';
import { ApiKeySchema } from './api-key.entity.ts';
import { CredentialSchema, IntegrationSchema } from './integration.entity.ts';
import { Migration0001Directory } from './migrations/0001-directory.migration.ts';
import { OrganizationSchema } from './organization.entity.ts';

/** What the router owns in the database; nobody else reads or writes it. */
export const DIRECTORY: OwnedSchema = {
  name: 'directory',
  entities: [OrganizationSchema, ApiKeySchema, IntegrationSchema, CredentialSchema],
  migrations: [{ name: '0001-directory', class: Migration0001Directory }],
};
