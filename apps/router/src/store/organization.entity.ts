import { defineEntity, p, type InferEntity } from '@mikro-orm/postgresql';

/** A customer of Latchkey. Everything else belongs to exactly one, and every look-up is scoped by it. */
export const OrganizationSchema = defineEntity({
  name: 'Organization',
  tableName: 'organization',
  properties: {
    id: p.text().primary(),
    name: p.text(),
    created_at: p.datetime(3),
  },
});
export type OrganizationRow = InferEntity<typeof OrganizationSchema>;
