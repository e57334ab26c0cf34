import { defineEntity, p, type InferEntity } from '@mikro-orm/postgresql';
import type { Scope } from '#messaging';

/** An API key as it is kept: enough to recognise it, nothing to use it. */
export const ApiKeySchema = defineEntity({
  name: 'ApiKey',
  tableName: 'api_key',
  properties: {
    id: p.text().primary(),
    organization_id: p.text(),
    name: p.text(),
    /** The first characters of the key, for its owner to tell keys apart. */
    prefix: p.text(),
    /** SHA-256 of the whole key, hexadecimal. */
    hash: p.text(),
    scopes: p.json<readonly Scope[]>(),
    created_at: p.datetime(3),
    revoked_at: p.datetime(3).nullable(),
    /** Written at most once a minute. */
    last_used_at: p.datetime(3).nullable(),
  },
});
export type ApiKeyRow = InferEntity<typeof ApiKeySchema>;
