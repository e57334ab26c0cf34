import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { administer, Answers, type AdminRequest, type WireAnswer } from '#messaging';
import { Problem } from '#problem';
import { ApiKeysAdministration } from './api-keys.administration.ts';
import { CapabilitiesAdministration } from './capabilities.administration.ts';
import { IntegrationsAdministration } from './integrations.administration.ts';
import { SyncAdministration } from './sync.administration.ts';

type Action = (request: AdminRequest) => Promise<WireAnswer>;

/** Answers administration and capability requests: each action has one line. The gateway has checked the scope of the key. */
@Controller()
export class AdministrationController {
  private readonly actions: ReadonlyMap<string, Action>;

  constructor(
    integrations: IntegrationsAdministration,
    sync: SyncAdministration,
    keys: ApiKeysAdministration,
    capabilities: CapabilitiesAdministration,
  ) {
    this.actions = new Map<string, Action>([
      ['integrations.create', (request) => integrations.create(request)],
      ['integrations.list', (request) => integrations.list(request)],
      ['integrations.read', (request) => integrations.read(request)],
      ['integrations.update', (request) => integrations.update(request)],
      ['integrations.delete', (request) => integrations.delete(request)],
      ['integrations.start-data-access', (request) => integrations.startDataAccess(request)],
      ['integrations.read-data-access', (request) => integrations.readDataAccess(request)],
      ['integrations.manual-sync', (request) => sync.manualSync(request)],
      ['integrations.back-sync', (request) => sync.backSync(request)],
      ['integrations.list-job-schedules', (request) => sync.listSchedules(request)],
      ['integrations.read-job-schedule', (request) => sync.readSchedule(request)],
      ['api-keys.create', (request) => keys.create(request)],
      ['api-keys.list', (request) => keys.list(request)],
      ['api-keys.delete', (request) => keys.delete(request)],
      ['capabilities.list', (request) => capabilities.list(request)],
      ['capabilities.read', (request) => capabilities.read(request)],
      ['capabilities.validate', (request) => capabilities.validate(request)],
    ]);
  }

  @Answers(administer)
  async administer(@Payload() request: AdminRequest): Promise<WireAnswer> {
    const act = this.actions.get(request.action);
    if (!act) throw Problem.notFound('action');
    return act(request);
  }
}
