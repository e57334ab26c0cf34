import { Injectable } from '@nestjs/common';
import { EntityManager } from '@mikro-orm/postgresql';
import type { Page } from '#administration';
import { hashApiKey, newApiKey, shownPart } from '#api-key';
import { newId, SCOPES, type Principal, type Scope } from '#messaging';
import { ApiKeySchema, type ApiKeyRow } from './api-key.entity.ts';

/** How stale `last_used_at` may be; a write for every request would cost more than the fact is worth. */
const USE_IS_NOTED_EVERY_MS = 60_000;
const NOTED_AT_MOST = 10_000;

/** API keys: made, shown once, kept as hashes, revoked for ever. */
@Injectable()
export class ApiKeysRepository {
  private readonly noted = new Map<string, number>();

  constructor(private readonly em: EntityManager) {}

  /** Makes a key. The text of the key is in this answer and nowhere else. */
  async create(organizationId: string, name: string, scopes: readonly Scope[]): Promise<{ row: ApiKeyRow; key: string }> {
    const key = newApiKey();
    const row: ApiKeyRow = {
      id: newId(),
      organization_id: organizationId,
      name,
      prefix: shownPart(key),
      hash: hashApiKey(key),
      scopes: SCOPES.filter((scope) => scopes.includes(scope)),
      created_at: new Date(),
      revoked_at: null,
      last_used_at: null,
    };
    await this.em.fork().insert(ApiKeySchema, row);
    return { row, key };
  }

  /** Whose key has this hash; null when nobody's, or when it was revoked. */
  async findPrincipal(hash: string): Promise<Principal | null> {
    const row = await this.em.fork().findOne(ApiKeySchema, { hash, revoked_at: null });
    if (!row) return null;
    this.noteUse(row.id);
    return { organization_id: row.organization_id, key_id: row.id, scopes: row.scopes };
  }

  /** The keys of an organization, by their age, revoked ones included. */
  async list(
    organizationId: string,
    page: Page,
    direction: 'asc' | 'desc',
  ): Promise<{ rows: readonly ApiKeyRow[]; total: number }> {
    const [rows, total] = await this.em
      .fork()
      .findAndCount(
        ApiKeySchema,
        { organization_id: organizationId },
        { ...page, orderBy: { created_at: direction, id: direction } },
      );
    return { rows, total };
  }

  /** Revokes a key; false when the organization has no such key. Revoking it again changes nothing. */
  async revoke(organizationId: string, id: string): Promise<boolean> {
    const em = this.em.fork();
    const own = { id, organization_id: organizationId };
    const revoked = await em.nativeUpdate(ApiKeySchema, { ...own, revoked_at: null }, { revoked_at: new Date() });
    return revoked > 0 || (await em.count(ApiKeySchema, own)) > 0;
  }

  private noteUse(id: string): void {
    const now = Date.now();
    if (now - (this.noted.get(id) ?? 0) < USE_IS_NOTED_EVERY_MS) return;
    if (this.noted.size >= NOTED_AT_MOST) this.noted.clear();
    this.noted.set(id, now);
    // Nobody waits for it and nothing depends on it.
    this.em
      .fork()
      .nativeUpdate(ApiKeySchema, { id }, { last_used_at: new Date(now) })
      .catch(() => this.noted.delete(id));
  }
}
