import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { EntityManager } from '@mikro-orm/postgresql';
import {
  Answers,
  listDataDiffs,
  listJobSchedules,
  listSyncLogs,
  readJobSchedule,
  readSyncLog,
  type AskedList,
  type IntegrationSummary,
  type Principal,
} from '#messaging';
import { listDiffs } from './reporting/data-diffs.ts';
import { listSchedules, readSchedule } from './reporting/job-schedules.ts';
import { listLogs, readLog } from './reporting/sync-logs.ts';

/** What can be asked about syncs; what the answers promise stands with their contracts. */
@Controller()
export class ReportsController {
  constructor(private readonly em: EntityManager) {}

  @Answers(listJobSchedules)
  schedules(@Payload() { integration, query }: { integration: IntegrationSummary; query: AskedList['query'] }) {
    return listSchedules(this.em.fork(), integration, query);
  }

  @Answers(readJobSchedule)
  schedule(@Payload() { integration, id }: { integration: IntegrationSummary; id: string }) {
    return readSchedule(this.em.fork(), integration, id);
  }

  @Answers(listSyncLogs)
  logs(@Payload() asked: AskedList) {
    return listLogs(this.em.fork(), asked);
  }

  @Answers(readSyncLog)
  log(@Payload() { principal, id }: { principal: Principal; id: string }) {
    return readLog(this.em.fork(), principal, id);
  }

  @Answers(listDataDiffs)
  diffs(@Payload() asked: AskedList) {
    return listDiffs(this.em.fork(), asked);
  }
}
