import { Injectable } from '@nestjs/common';
import { EntityManager } from '@mikro-orm/postgresql';
import { assertNoQuery, listAnswer, parseListQuery } from '#administration';
import { DELIVERY_STATES, newId, type AdminRequest, type WireAnswer } from '#messaging';
import { Problem } from '#problem';
import { plainMessage, TEST } from '../events/messages.ts';
import { Courier } from '../sending/courier.ts';
import { DeliveriesRepository, type DeliveryWithAttempts } from '../store/deliveries.repository.ts';
import type { EndpointRow } from '../store/endpoint.entity.ts';
import { EndpointsRepository } from '../store/endpoints.repository.ts';
import { settle } from '../store/settle.ts';
import { Ground } from './ground.ts';
import { deliveryView } from './views.ts';

/** Tests at once in one process: they are made while somebody waits, so they have no queue. */
const TESTS_AT_ONCE = 32;
const TEST_AGAIN_AFTER_S = 5;

/** What was sent to a webhook, once more, or as a test. */
@Injectable()
export class DeliveriesAdministration {
  /** Endpoints that are tested now. */
  private readonly tested = new Set<string>();

  constructor(
    private readonly ground: Ground,
    private readonly em: EntityManager,
    private readonly endpoints: EndpointsRepository,
    private readonly deliveries: DeliveriesRepository,
    private readonly courier: Courier,
  ) {}

  async list(request: AdminRequest): Promise<WireAnswer> {
    const endpoint = await this.own(request);
    const asked = parseListQuery(request.query, { filters: ['state'], orderable: ['created_at'] });
    const { state: named } = asked.filters;
    const state = DELIVERY_STATES.find((known) => known === named);
    if (named !== undefined && !state) {
      const detail = `The parameter state must be one of ${DELIVERY_STATES.join(', ')}.`;
      throw Problem.invalid([{ pointer: '', parameter: 'state', code: 'invalid_enum_value', detail }]);
    }
    const { list, total } = await this.deliveries.list(endpoint.id, state, asked.page, asked.orderBy.direction);
    return { status: 200, body: listAnswer(asked, list.map(shown), total) };
  }

  /** Under the same `webhook-id`, so that an endpoint that has it already can tell. */
  async replay(request: AdminRequest): Promise<WireAnswer> {
    assertNoQuery(request.query);
    const endpoint = await this.own(request);
    const replayed = await this.deliveries.replay(endpoint.id, request.params.delivery_id ?? '', this.ground.expiresMs);
    if (replayed === null) throw Problem.notFound('delivery');
    if (replayed === 'waits') throw new Problem('conflict', 'The delivery has not ended: it is tried again by itself.');
    this.ground.onQueued();
    return { status: 200, body: { result: shown(replayed) } };
  }

  /** Sends a message now, and answers how that went; also to one that is not active yet. Nothing is tried again. */
  async test(request: AdminRequest): Promise<WireAnswer> {
    assertNoQuery(request.query);
    const endpoint = await this.own(request);
    const { id } = endpoint;
    if (this.tested.size >= TESTS_AT_ONCE || this.tested.has(id)) {
      throw new Problem('rate_limited', 'A test of this webhook, or too many others, are under way.', {
        retryAfterSeconds: TEST_AGAIN_AFTER_S,
      });
    }
    this.tested.add(id);
    try {
      return { status: 200, body: { result: shown(await this.tryOut(endpoint)) } };
    } finally {
      this.tested.delete(id);
    }
  }

  private async tryOut(endpoint: EndpointRow): Promise<DeliveryWithAttempts> {
    const { id: endpoint_id } = endpoint;
    const message = plainMessage(TEST, newId(), endpoint_id, new Date());
    const row = await this.deliveries.insertClaimed(endpoint_id, message, this.ground.leaseMs);
    const isOverlapping = endpoint.former_until != null && endpoint.former_until.getTime() > Date.now();
    const former_secret = isOverlapping ? (endpoint.former_secret ?? null) : null;
    const tried = await this.courier.bring({ ...endpoint, ...row, former_secret });
    const once = { ...this.ground.schedule, pausesMs: [] };
    await settle(this.em.fork(), row, tried, { schedule: once });
    return this.deliveries.read(row.id);
  }

  private async own({ principal, params }: AdminRequest): Promise<EndpointRow> {
    const row = await this.endpoints.find(principal.organization_id, params.webhook_id ?? '');
    if (!row) throw Problem.notFound('webhook');
    return row;
  }
}

const shown = ({ row, attempts }: DeliveryWithAttempts): Record<string, unknown> => deliveryView(row, attempts);
