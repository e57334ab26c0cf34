import { Controller, HttpCode, Post, Put, Req, Res } from '@nestjs/common';
import { failpoint } from '#failpoints';
import { acceptWrite, MessageBus, newId, type WriteAccepted, type WriteRequest } from '#messaging';
import { Needs } from '../auth/needs.decorator.ts';
import { objectBody } from '../http/body.ts';
import { flagsOf } from '../http/query.ts';
import { principalOf, type Reply, type Request } from '../http/request.ts';
import { idempotencyKeyOf, preferredWaitOf } from '../http/write-headers.ts';
import { clientGone, Closing } from './closing.ts';
import { WriteWatch } from './write-watch.ts';

/** What the path of a write says. */
type Target = Pick<WriteRequest, 'operation' | 'model' | 'id' | 'child' | 'vendor'>;

/**
 * Every write of every model. The gateway knows the forms of the paths, not the models, the PMSs or the fields: what a segment names, and
 * whether it exists, is the router's to say.
 */
@Controller('v1')
export class WritesController {
  constructor(
    private readonly bus: MessageBus,
    private readonly watch: WriteWatch,
    private readonly closing: Closing,
  ) {}

  @Post(':model')
  @HttpCode(200)
  @Needs('write')
  create(@Req() request: Request, @Res({ passthrough: true }) reply: Reply): Promise<unknown> {
    return this.write(request, reply, 'create');
  }

  @Post(':model/:vendor')
  @HttpCode(200)
  @Needs('write')
  createAtVendor(@Req() request: Request, @Res({ passthrough: true }) reply: Reply): Promise<unknown> {
    return this.write(request, reply, 'create');
  }

  @Post(':model/:id/:child')
  @HttpCode(200)
  @Needs('write')
  createUnder(@Req() request: Request, @Res({ passthrough: true }) reply: Reply): Promise<unknown> {
    return this.write(request, reply, 'create');
  }

  @Post(':model/:vendor/:id/:child')
  @HttpCode(200)
  @Needs('write')
  createUnderAtVendor(@Req() request: Request, @Res({ passthrough: true }) reply: Reply): Promise<unknown> {
    return this.write(request, reply, 'create');
  }

  @Put(':model/:id')
  @Needs('write')
  update(@Req() request: Request, @Res({ passthrough: true }) reply: Reply): Promise<unknown> {
    return this.write(request, reply, 'update');
  }

  @Put(':model/:vendor/:id')
  @Needs('write')
  updateAtVendor(@Req() request: Request, @Res({ passthrough: true }) reply: Reply): Promise<unknown> {
    return this.write(request, reply, 'update');
  }

  private async write(request: Request, reply: Reply, operation: Target['operation']): Promise<Record<string, unknown>> {
    const principal = principalOf(request);
    const { ignore_unknown_fields, dry_run } = flagsOf(request.query, ['ignore_unknown_fields', 'dry_run']);
    const key = idempotencyKeyOf(request.headers);
    const wait = preferredWaitOf(request.headers);
    const target: Target = { operation, model: '', ...request.params };
    failpoint('gateway.before-asking');
    const accepted = await this.bus.request(acceptWrite, {
      ...target,
      job_id: newId(),
      principal,
      payload: objectBody(request.body),
      ignore_unknown_fields,
      dry_run,
      ...(key === undefined ? {} : { idempotency_key: key }),
    });
    failpoint('gateway.before-answering');
    if (accepted.replayed) reply.header('idempotent-replayed', 'true');
    const body = bodyOf(accepted);
    const { job_id } = accepted;
    if (wait === undefined || job_id === undefined) return body;
    reply.header('preference-applied', `wait=${wait}`);
    const gone = AbortSignal.any([this.closing.signal, clientGone(reply.raw)]);
    const ended = await this.watch.waitForEnd({ principal, job_id }, wait * 1_000, gone);
    return ended ? { ...body, write_status: ended } : body;
  }
}

function bodyOf({ job_id, data, ignored_fields }: WriteAccepted): Record<string, unknown> {
  const job = job_id === undefined ? {} : { job_id };
  return { ...job, data, meta: { ...job, ignored_fields } };
}
