import { Controller, Get, Req } from '@nestjs/common';
import { listDataDiffs, listSyncLogs, MessageBus, readSyncLog, writeStatus, type Principal, type WriteStatus } from '#messaging';
import { Problem } from '#problem';
import { Needs } from '../auth/needs.decorator.ts';
import { assertPagingOnly, flagsOf, queryOf } from '../http/query.ts';
import { idParam, principalOf, type Request } from '../http/request.ts';

const ONE = { offset: 0, limit: 1, orderBy: [], hasMore: false, total: 1 };

/** What syncs did and found. A job is the reading of a model, or a write: looked for by its id, either is found. */
@Controller('v1/admin')
export class SyncReportsController {
  constructor(private readonly bus: MessageBus) {}

  @Get('logs/jobs')
  @Needs('admin')
  logs(@Req() request: Request): Promise<unknown> {
    return this.bus.request(listSyncLogs, { principal: principalOf(request), query: queryOf(request.query) });
  }

  /** As published a list: each job of ours has one entry, and starts no others. */
  @Get('logs/jobs/:job_id')
  @Needs('admin')
  async logsOfJob(@Req() request: Request): Promise<unknown> {
    const { include_all_jobs, ...paging } = queryOf(request.query);
    assertPagingOnly(paging);
    if (include_all_jobs !== undefined) flagsOf({ include_all_jobs }, ['include_all_jobs']);
    return { meta: ONE, results: [await this.entry(principalOf(request), idParam(request, 'job_id', 'job'))] };
  }

  @Get('job-logs/:job_log_id')
  @Needs('admin')
  async log(@Req() request: Request): Promise<unknown> {
    assertPagingOnly(request.query);
    return { meta: ONE, results: await this.entry(principalOf(request), idParam(request, 'job_log_id', 'job')) };
  }

  @Get('data-diffs')
  @Needs('admin')
  diffs(@Req() request: Request): Promise<unknown> {
    return this.bus.request(listDataDiffs, { principal: principalOf(request), query: queryOf(request.query) });
  }

  /** @throws Problem `not_found`, in the same words whoever was asked last */
  private async entry(principal: Principal, id: string): Promise<unknown> {
    const missing = (error: unknown): null => {
      if (error instanceof Problem && error.code === 'not_found') return null;
      throw error;
    };
    const sync = await this.bus.request(readSyncLog, { principal, id }).catch(missing);
    if (sync) return sync;
    const write = await this.bus.request(writeStatus, { principal, job_id: id }).catch(missing);
    if (!write) throw Problem.notFound('job');
    return entryOf(write);
  }
}

/** A write as an entry of the log of jobs. */
function entryOf({
  job_id,
  accepted_at,
  completed_at,
  operation,
  model,
  write_status,
  integration_id,
  state,
  errors,
}: WriteStatus) {
  return {
    id: job_id,
    job_id,
    created_at: accepted_at,
    job_type: `${operation}:${model}`,
    status: write_status === 'PARTIAL_SUCCESS' ? 'FAILURE' : write_status,
    parent_job_id: null,
    root_job_id: job_id,
    job_schedule_id: null,
    integration_id,
    associated_property_id: null,
    state,
    ended_at: completed_at,
    error: errors.length > 0 ? errors.join('\n') : null,
  };
}
