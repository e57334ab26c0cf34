import { Controller } from '@nestjs/common';
import { Ctx, NatsContext, Payload } from '@nestjs/microservices';
import { Answers, connectionOf, listActiveIntegrations, type IntegrationSummary, type SealedConnection } from '#messaging';
import { IntegrationsRepository } from '../store/integrations.repository.ts';
import { summaryOf } from './summary.ts';

/** What workers and cache-sync may know of integrations. */
@Controller()
export class ConnectionsController {
  constructor(private readonly integrations: IntegrationsRepository) {}

  /**
   * The PMS that asks stands in the subject, and NATS lets a worker publish only on its own: a worker never gets another PMS's
   * credentials, not even sealed.
   */
  @Answers(connectionOf)
  async connection(
    @Payload() { integration_id }: { integration_id: string },
    @Ctx() context: NatsContext,
  ): Promise<SealedConnection | null> {
    const slug = context.getSubject().split('.').at(-1) ?? '';
    const found = await this.integrations.findConnection(integration_id, slug);
    if (!found) return null;
    const { integration, credential } = found;
    return {
      integration_id: integration.id,
      organization_id: integration.organization_id,
      base_url: integration.base_url ?? null,
      sealed: { version: credential.version, fields: credential.fields },
      settings: { ...integration.settings, system: integration.system },
    };
  }

  @Answers(listActiveIntegrations)
  async list(): Promise<readonly IntegrationSummary[]> {
    const rows = await this.integrations.listActive();
    return rows.map(summaryOf);
  }
}
