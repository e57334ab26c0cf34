import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import {
  Answers,
  connectionOf,
  listActiveIntegrations,
  subjectOf,
  type IntegrationSummary,
  type SealedConnection,
} from '#messaging';
import { Problem } from '#problem';
import { IntegrationsRepository } from '../store/integrations.repository.ts';

/** What workers and cache-sync may know of integrations. */
@Controller()
export class ConnectionsController {
  constructor(private readonly integrations: IntegrationsRepository) {}

  /**
   * The PMS that asks stands in the subject, and NATS lets a worker publish only on its own: a worker never gets another PMS's
   * credentials, not even sealed.
   */
  // Not by Answers: its pipe takes the context for a payload and refuses it.
  @MessagePattern(subjectOf(connectionOf, '*'))
  async connection(
    @Payload() { version, body }: { version: number; body: { integration_id: string } },
    @Ctx() context: NatsContext,
  ): Promise<SealedConnection | null> {
    if (version !== connectionOf.version) throw Problem.unavailable(`Version ${version} of this request is not known here.`);
    const slug = context.getSubject().split('.').at(-1) ?? '';
    const found = await this.integrations.findConnection(body.integration_id, slug);
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
    return rows.map(({ id, organization_id, vendor, slug, active }) => ({ id, organization_id, vendor, pms: slug, active }));
  }
}
