import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { EntityManager } from '@mikro-orm/postgresql';
import {
  Answers,
  dropIntegration,
  getRecord,
  listRecords,
  locateRecords,
  scheduleSync,
  startSync,
  type IntegrationSummary,
  type ListRecords,
  type Principal,
  type RecordAddress,
  type RecordList,
  type StartSync,
} from '#messaging';
import { RecordReader } from './reading/record-reader.ts';
import { forgetIntegration } from './store/copies.ts';
import { locate } from './store/identities.ts';
import { SyncSchedule } from './syncing/sync-schedule.ts';

/** The requests that cache-sync answers; what they promise stands with their contracts. */
@Controller()
export class RecordsController {
  constructor(
    private readonly em: EntityManager,
    private readonly reader: RecordReader,
    private readonly schedule: SyncSchedule,
  ) {}

  @Answers(locateRecords)
  locate(@Payload() { organization_id, ids }: { organization_id: string; ids: readonly string[] }): Promise<RecordAddress[]> {
    return locate(this.em.fork(), organization_id, ids);
  }

  @Answers(listRecords)
  list(@Payload() request: ListRecords): Promise<RecordList> {
    return this.reader.list(request);
  }

  @Answers(getRecord)
  get(@Payload() { principal, model, id }: { principal: Principal; model: string; id: string }) {
    return this.reader.get(principal, model, id);
  }

  @Answers(startSync)
  async start(@Payload() ask: StartSync): Promise<{ started: boolean }> {
    return { started: await this.schedule.request(ask) };
  }

  @Answers(scheduleSync)
  async keep(@Payload() integration: IntegrationSummary): Promise<{ ok: true }> {
    await this.schedule.keep(integration);
    return { ok: true };
  }

  @Answers(dropIntegration)
  async drop(@Payload() { integration_id }: { integration_id: string }): Promise<{ ok: true }> {
    await this.schedule.cancel(integration_id);
    await forgetIntegration(this.em.fork(), integration_id);
    return { ok: true };
  }
}
