import { Injectable } from '@nestjs/common';
import { assertNoQuery, listAnswer, parseBody, parseListQuery } from '#administration';
import { SCOPES, type AdminRequest, type Scope, type WireAnswer } from '#messaging';
import { Text, TextList } from '#models';
import { Problem, type Issue } from '#problem';
import type { ApiKeyRow } from '../store/api-key.entity.ts';
import { ApiKeysRepository } from '../store/api-keys.repository.ts';

/** What a caller may say about a new key. */
export class ApiKeyBody {
  @Text({ description: 'A name for people.', example: 'nightly import', maxLength: 200 })
  name!: string;

  @TextList({ description: 'What the key may do: read, write, admin. Read and write unless it is set.', example: ['read'] })
  scopes!: string[];
}

/** API keys, over the API. A key is in the answer that makes it and never shown again. */
@Injectable()
export class ApiKeysAdministration {
  constructor(private readonly keys: ApiKeysRepository) {}

  async create({ principal, body, query }: AdminRequest): Promise<WireAnswer> {
    assertNoQuery(query);
    const { name, scopes = ['read', 'write'] } = parseBody('API key', ApiKeyBody, body, faultsOf);
    const { row, key } = await this.keys.create(principal.organization_id, name ?? '', scopes.filter(isScope));
    return { status: 200, body: { result: { ...apiKeyView(row), key } } };
  }

  async list({ principal, query }: AdminRequest): Promise<WireAnswer> {
    const asked = parseListQuery(query, { filters: [], orderable: ['created_at'] });
    const { rows, total } = await this.keys.list(principal.organization_id, asked.page, asked.orderBy.direction);
    return { status: 200, body: listAnswer(asked, rows.map(apiKeyView), total) };
  }

  /** The key stops working within a few seconds: gateways remember keys for so long. */
  async delete({ principal, params, query }: AdminRequest): Promise<WireAnswer> {
    assertNoQuery(query);
    if (!(await this.keys.revoke(principal.organization_id, params.id ?? ''))) throw Problem.notFound('API key');
    return { status: 200, body: { success: true } };
  }
}

function apiKeyView({ id, name, prefix, scopes, created_at, revoked_at, last_used_at }: ApiKeyRow): Record<string, unknown> {
  return { id, name, prefix, scopes, created_at, revoked_at: revoked_at ?? null, last_used_at: last_used_at ?? null };
}

function faultsOf({ name, scopes }: Partial<ApiKeyBody>): Issue[] {
  const issues: Issue[] = [];
  if (!name) issues.push({ pointer: '/name', code: 'required', detail: 'name must say what the key is for.' });
  if (scopes && (scopes.length === 0 || !scopes.every(isScope))) {
    issues.push({
      pointer: '/scopes',
      code: 'invalid_enum_value',
      detail: `scopes must hold one or more of ${SCOPES.join(', ')}.`,
    });
  }
  return issues;
}

function isScope(text: string): text is Scope {
  return (SCOPES as readonly string[]).includes(text);
}
