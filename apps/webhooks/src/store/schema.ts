import type { OwnedSchema } from '#persistence';
import { DeliverySchema } from './delivery.entity.ts';
import { EndpointSchema } from './endpoint.entity.ts';
import { Migration0001Hooks } from './migrations/0001-hooks.migration.ts';

/** What webhooks owns in the database; nobody else reads or writes it. */
export const HOOKS: OwnedSchema = {
  name: 'hooks',
  entities: [EndpointSchema, DeliverySchema],
  migrations: [{ name: '0001-hooks', class: Migration0001Hooks }],
};
