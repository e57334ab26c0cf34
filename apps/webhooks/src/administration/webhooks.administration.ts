import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { assertNoQuery, faultyFlag, listAnswer, PAGING, parseBody, parseListQuery } from '#administration';
import { HIDDEN, newId, type AdminRequest, type Trigger, type WireAnswer } from '#messaging';
import { Problem, type Issue } from '#problem';
import { newSecret } from '#webhook-signature';
import { plainMessage, VERIFICATION } from '../events/messages.ts';
import { SealedSecrets } from '../sealed-secrets.ts';
import type { EndpointRow } from '../store/endpoint.entity.ts';
import { EndpointsRepository } from '../store/endpoints.repository.ts';
import { addDeliveries } from '../store/fan-out.ts';
import { reschedule } from '../store/queue.ts';
import { Ground } from './ground.ts';
import { webhookView } from './views.ts';
import { faultsOfWebhook, missingIn, pathOf, WebhookBody, type SentWebhook, type WebhookHeader } from './webhook-body.ts';

/** An organization with more has mistaken webhooks for something else. */
const MOST = 50;
/** For so long messages carry the former secret's signature beside the new one's. */
const OVERLAP_MS = 24 * 3_600_000;
const ORDERABLE = ['created_at', 'updated_at', 'url'] as const;

/** The life of webhooks, over the API. A secret is in the answer that makes it and never shown again. */
@Injectable()
export class WebhooksAdministration {
  constructor(
    private readonly ground: Ground,
    private readonly endpoints: EndpointsRepository,
    private readonly secrets: SealedSecrets,
  ) {}

  async create({ principal, body, query }: AdminRequest): Promise<WireAnswer> {
    assertNoQuery(query);
    const sent = parseBody('webhook', WebhookBody, body, (found) => [...missingIn(found), ...this.faultsOf(found, {})]);
    const owner = { organization_id: principal.organization_id, id: newId() };
    const secret = sent.secret ?? newSecret();
    const now = new Date();
    const row: EndpointRow = {
      ...owner,
      url: sent.url ?? '',
      triggers: triggersOf(sent.triggers ?? []),
      model: sent.model === undefined ? null : pathOf(sent.model),
      headers: this.sealed(owner, sent.headers ?? [], {}),
      active: sent.active ?? false,
      legacy_signature: sent.legacy_signature ?? true,
      secret: this.secrets.sealSecret(owner, 1, secret),
      secret_version: 1,
      former_secret: null,
      former_until: null,
      created_at: now,
      updated_at: now,
      verified_at: null,
      failing_since: null,
      disabled_at: null,
      disabled_because: null,
      is_quick: false,
      paused_until: null,
      due_at: null,
    };
    const inserted = await this.endpoints.insert(row, MOST, (tx) => this.askForAnswer(tx, row));
    if (!inserted) throw new Problem('conflict', `An organization has at most ${MOST} webhooks.`);
    this.ground.onQueued();
    return { status: 200, body: { result: webhookView(row, secret) } };
  }

  /** Active ones, unless others are asked for: as published. */
  async list({ principal, query }: AdminRequest): Promise<WireAnswer> {
    const asked = parseListQuery(query, { filters: ['active'], orderable: ORDERABLE });
    const { active = 'true' } = asked.filters;
    if (active !== 'true' && active !== 'false') throw Problem.invalid([faultyFlag('active')]);
    const orderBy = { [asked.orderBy.field]: asked.orderBy.direction };
    const { rows, total } = await this.endpoints.list(principal.organization_id, active === 'true', asked.page, orderBy);
    return {
      status: 200,
      body: listAnswer(
        asked,
        rows.map((row) => webhookView(row)),
        total,
      ),
    };
  }

  /** Also with the parameters of lists, which published clients send along and which mean nothing here. */
  async read(request: AdminRequest): Promise<WireAnswer> {
    assertNoQuery(request.query, PAGING);
    const row = await this.own(request);
    const meta = { offset: 0, limit: 1, orderBy: [], hasMore: false, total: 1 };
    return { status: 200, body: { meta, results: webhookView(row) } };
  }

  async update(request: AdminRequest): Promise<WireAnswer> {
    assertNoQuery(request.query);
    const row = await this.own(request);
    const sent = parseBody('webhook', WebhookBody, request.body, (found) => this.faultsOf(found, row.headers));
    const changed = await this.endpoints.change(
      row.organization_id,
      row.id,
      (present) => this.changed(present, sent),
      (tx, after) => this.askForAnswer(tx, after),
    );
    if (!changed) throw Problem.notFound('webhook');
    this.ground.onQueued();
    return { status: 200, body: { result: webhookView(changed, sent.secret) } };
  }

  async delete({ principal, params, query }: AdminRequest): Promise<WireAnswer> {
    assertNoQuery(query);
    const { webhook_id: id = '' } = params;
    if (!(await this.endpoints.delete(principal.organization_id, id))) throw Problem.notFound('webhook');
    return { status: 200, body: { result: { id } } };
  }

  async rotateSecret(request: AdminRequest): Promise<WireAnswer> {
    assertNoQuery(request.query);
    const { organization_id, id } = await this.own(request);
    const secret = newSecret();
    const changed = await this.endpoints.change(organization_id, id, (row) => this.withSecret(row, secret));
    if (!changed) throw Problem.notFound('webhook');
    return { status: 200, body: { result: webhookView(changed, secret) } };
  }

  private async own({ principal, params }: AdminRequest): Promise<EndpointRow> {
    const row = await this.endpoints.find(principal.organization_id, params.webhook_id ?? '');
    if (!row) throw Problem.notFound('webhook');
    return row;
  }

  private faultsOf(sent: SentWebhook, stored: EndpointRow['headers']): Issue[] {
    const { models, egressAllow } = this.ground;
    const hidden = (sent.headers ?? []).flatMap(({ header, value }, at): Issue[] =>
      value !== HIDDEN || stored[header.toLowerCase()] !== undefined
        ? []
        : [{ pointer: `/headers/${at}/value`, code: 'conflict', detail: `There is no stored value of ${header} to keep.` }],
    );
    return [...faultsOfWebhook(sent, models, egressAllow), ...hidden];
  }

  private changed(row: EndpointRow, sent: SentWebhook): Partial<EndpointRow> {
    const moved = sent.url !== undefined && sent.url !== row.url;
    const switchedOn = sent.active === true && !row.active;
    return {
      ...(sent.url === undefined ? {} : { url: sent.url }),
      ...(sent.triggers === undefined ? {} : { triggers: triggersOf(sent.triggers) }),
      ...(sent.model === undefined ? {} : { model: pathOf(sent.model) }),
      ...(sent.headers === undefined ? {} : { headers: this.sealed(row, sent.headers, row.headers) }),
      ...(sent.active === undefined ? {} : { active: sent.active }),
      ...(sent.legacy_signature === undefined ? {} : { legacy_signature: sent.legacy_signature }),
      ...(sent.secret === undefined ? {} : this.withSecret(row, sent.secret)),
      // A new address has proved nothing yet; and what is switched on again begins anew.
      ...(moved ? { verified_at: null } : {}),
      ...(moved || switchedOn
        ? { failing_since: null, paused_until: null, is_quick: false, disabled_at: null, disabled_because: null }
        : {}),
    };
  }

  /** The secret that it has becomes the former one. */
  private withSecret(row: EndpointRow, secret: string): Partial<EndpointRow> {
    const secret_version = row.secret_version + 1;
    return {
      secret: this.secrets.sealSecret(row, secret_version, secret),
      secret_version,
      former_secret: row.secret,
      former_until: new Date(Date.now() + OVERLAP_MS),
    };
  }

  /** By lower-case name: names of headers have no case. */
  private sealed(
    owner: Pick<EndpointRow, 'id' | 'organization_id'>,
    headers: readonly WebhookHeader[],
    stored: EndpointRow['headers'],
  ): EndpointRow['headers'] {
    return Object.fromEntries(
      headers.map(({ header, value }) => {
        const name = header.toLowerCase();
        return [name, (value === HIDDEN ? stored[name] : undefined) ?? this.secrets.sealHeader(owner, name, value)];
      }),
    );
  }

  /** Queues the first message for one that is active and has not answered any; it gets nothing else before. */
  private async askForAnswer(tx: EntityManager, { id, active, verified_at, url }: EndpointRow): Promise<void> {
    if (!active) return;
    if (verified_at) return reschedule(tx, [id]);
    const [{ waiting } = { waiting: '0' }] = await tx.execute<{ waiting: string }[]>(
      `select count(*) as waiting from "hooks"."delivery" where "endpoint_id" = ? and "trigger" = ? and "state" = 'PENDING'`,
      [id, VERIFICATION],
    );
    if (Number(waiting) > 0 && url !== '') return reschedule(tx, [id]);
    const message = plainMessage(VERIFICATION, newId(), id, new Date());
    await addDeliveries(tx, [{ endpoint: id, message }], this.ground.expiresMs);
  }
}

const triggersOf = (names: readonly string[]): Trigger[] => [...new Set(names as readonly Trigger[])];
