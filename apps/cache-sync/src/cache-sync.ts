import { Module, type DynamicModule } from '@nestjs/common';
import { EntityManager, type MikroORM } from '@mikro-orm/postgresql';
import type { MessageBus } from '#messaging';
import type { Catalog, Logger } from '#service-kit';
import { WriteEvents } from './events/write-events.ts';
import { SyncMetrics } from './metrics.ts';
import { RecordReader } from './reading/record-reader.ts';
import { RecordsController } from './records.controller.ts';
import { ReportsController } from './reports.controller.ts';
import { Housekeeping } from './store/housekeeping.ts';
import { IntegrationSync } from './syncing/integration-sync.ts';
import { PmsReader } from './syncing/pms-reader.ts';
import { PromisedIds } from './syncing/promised-ids.ts';
import { SyncLock } from './syncing/sync-lock.ts';
import { SyncPlans } from './syncing/sync-plans.ts';
import { SyncRuns } from './syncing/sync-runs.ts';
import { SyncSchedule, type ScheduleOptions } from './syncing/sync-schedule.ts';

/** What cache-sync runs on. */
export interface Ground {
  readonly orm: MikroORM;
  readonly bus: MessageBus;
  readonly catalog: Pick<Catalog, 'models'> & { bySlug(slug: string): { readonly vendor: string } | undefined };
  readonly log: Logger;
  readonly schedule?: ScheduleOptions;
  /** Pauses between the tries of one page, see PmsReader. */
  readonly patienceMs?: readonly number[];
}

/** The parts of the service, put together; nothing runs yet. */
export function assemble({ orm, bus, catalog, log, schedule, patienceMs }: Ground) {
  const vendorOf = (pms: string) => catalog.bySlug(pms)?.vendor;
  const pms = new PmsReader(bus, patienceMs);
  const metrics = new SyncMetrics();
  const plans = new SyncPlans(orm.em);
  const sync = new IntegrationSync(new SyncRuns(orm.em, plans), pms, new PromisedIds(orm.em, bus), vendorOf, log, metrics);
  return {
    em: orm.em,
    reader: new RecordReader(orm.em, catalog.models, bus.maxMessageBytes),
    schedule: new SyncSchedule(bus, new SyncLock(orm), plans, sync, log, schedule),
    events: new WriteEvents(orm.em, bus, pms, vendorOf, log, metrics),
    housekeeping: new Housekeeping(orm.em, log),
    metrics,
  };
}

@Module({})
export class CacheSyncModule {
  /** Answers requests with these parts. */
  static of({ em, reader, schedule }: ReturnType<typeof assemble>): DynamicModule {
    return {
      module: CacheSyncModule,
      controllers: [RecordsController, ReportsController],
      providers: [
        { provide: EntityManager, useValue: em },
        { provide: RecordReader, useValue: reader },
        { provide: SyncSchedule, useValue: schedule },
      ],
    };
  }
}
