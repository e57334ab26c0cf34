import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { administerWebhooks, Answers, type AdminRequest, type WireAnswer } from '#messaging';
import { Problem } from '#problem';
import { DeliveriesAdministration } from './deliveries.administration.ts';
import { WebhooksAdministration } from './webhooks.administration.ts';

type Action = (request: AdminRequest) => Promise<WireAnswer>;

/** Answers what customers ask about their webhooks: each action has one line. The gateway has checked the scope of the key. */
@Controller()
export class AdministrationController {
  private readonly actions: ReadonlyMap<string, Action>;

  constructor(webhooks: WebhooksAdministration, deliveries: DeliveriesAdministration) {
    this.actions = new Map<string, Action>([
      ['create', (request) => webhooks.create(request)],
      ['list', (request) => webhooks.list(request)],
      ['read', (request) => webhooks.read(request)],
      ['update', (request) => webhooks.update(request)],
      ['delete', (request) => webhooks.delete(request)],
      ['rotate-secret', (request) => webhooks.rotateSecret(request)],
      ['test', (request) => deliveries.test(request)],
      ['list-deliveries', (request) => deliveries.list(request)],
      ['replay', (request) => deliveries.replay(request)],
    ]);
  }

  @Answers(administerWebhooks)
  async administer(@Payload() request: AdminRequest): Promise<WireAnswer> {
    const act = this.actions.get(request.action);
    if (!act) throw Problem.notFound('action');
    return act(request);
  }
}
