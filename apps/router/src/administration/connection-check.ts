import { Injectable } from '@nestjs/common';
import { checkConnection, MessageBus, type SealedCredentials } from '#messaging';
import { Problem } from '#problem';
import type { IntegrationRow } from '../store/integration.entity.ts';
import { IntegrationsRepository } from '../store/integrations.repository.ts';
import { CHECK_LOST_AFTER_MS } from './integration-view.ts';

/** Asks the worker of a PMS whether an account can be reached. */
@Injectable()
export class ConnectionCheck {
  constructor(
    private readonly bus: MessageBus,
    private readonly integrations: IntegrationsRepository,
  ) {}

  /**
   * Tries credentials and returns them sealed by the worker; null for the stored ones, which are sealed already.
   * @throws Problem `invalid_request` when the PMS refuses them, `unavailable` when the PMS, or its worker, can't be asked.
   */
  async tryOut(
    row: Pick<IntegrationRow, 'id' | 'organization_id' | 'slug' | 'base_url'>,
    credentials: Readonly<Record<string, string>> | null,
    version: number,
  ): Promise<SealedCredentials | null> {
    const result = await this.ask(row, credentials, version);
    if (result.ok) {
      if (credentials && !result.sealed) throw new Error('the worker accepted credentials and sealed none');
      return result.sealed;
    }
    if (result.reason === 'unreachable') throw Problem.unavailable(`The PMS could not be reached: ${result.detail}`, 30);
    const told = result.reason === 'refused' ? `The PMS refused the credentials: ${result.detail}` : result.detail;
    throw Problem.invalid([{ pointer: '/credentials', code: 'invalid_value', detail: told }]);
  }

  /** Begins a check of the stored credentials; its outcome is noted with the integration. False when one is under way. */
  async begin(row: IntegrationRow): Promise<boolean> {
    if (!(await this.integrations.beginCheck(row.id, new Date(Date.now() - CHECK_LOST_AFTER_MS)))) return false;
    void this.checkStored(row)
      .then((error) => this.integrations.endCheck(row.id, error))
      .catch(() => undefined);
    return true;
  }

  private async checkStored(row: IntegrationRow): Promise<string | null> {
    try {
      const result = await this.ask(row, null, await this.integrations.credentialVersion(row.id));
      return result.ok ? null : result.detail;
    } catch (error) {
      return Problem.from(error).detail;
    }
  }

  private ask(
    { id, organization_id, slug, base_url }: Pick<IntegrationRow, 'id' | 'organization_id' | 'slug' | 'base_url'>,
    credentials: Readonly<Record<string, string>> | null,
    version: number,
  ) {
    const check = { organization_id, integration_id: id, base_url: base_url ?? null, credentials, version };
    return this.bus.request(checkConnection, check, { pms: slug });
  }
}
