import { Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { cancelWrite, listWrites, MessageBus, resolveWrite, retryWrite, type JobRequest } from '#messaging';
import { Problem, type Issue } from '#problem';
import { Needs } from '../auth/needs.decorator.ts';
import { objectBody } from '../http/body.ts';
import { assertNoQuery, queryOf } from '../http/query.ts';
import { idParam, principalOf, type Reply, type Request } from '../http/request.ts';
import { clientGone, Closing } from './closing.ts';
import { eventStream } from './event-stream.ts';
import { WriteWatch } from './write-watch.ts';

/** Event streams that one key may hold open at this gateway. */
const STREAMS_PER_KEY = 50;

/** What became of writes, and what a person may do about them. */
@Controller('v1/admin')
export class WriteStatusController {
  private readonly streams = new Map<string, number>();

  constructor(
    private readonly bus: MessageBus,
    private readonly watch: WriteWatch,
    private readonly closing: Closing,
  ) {}

  @Get('write-status/:root_job_id')
  @Needs('read')
  status(@Req() request: Request): Promise<unknown> {
    assertNoQuery(request.query);
    return this.watch.look(jobOf(request));
  }

  /** The states as server-sent events, up to the last one. */
  @Get('write-status/:root_job_id/events')
  @Needs('read')
  async events(@Req() request: Request, @Res() reply: Reply): Promise<void> {
    assertNoQuery(request.query);
    const job = jobOf(request);
    // Before the stream begins, so that an unknown write is a plain 404.
    await this.watch.look(job);
    const close = this.openStream(job.principal.key_id);
    const signal = AbortSignal.any([this.closing.signal, clientGone(reply.raw)]);
    reply.raw.once('close', close);
    await reply.header('content-type', 'text/event-stream').send(eventStream(this.watch.follow(job, { signal }), signal));
  }

  @Post('retry-write/:root_job_id')
  @HttpCode(200)
  @Needs('admin')
  retry(@Req() request: Request): Promise<unknown> {
    assertNoQuery(request.query);
    return this.bus.request(retryWrite, jobOf(request));
  }

  @Post('cancel-write/:root_job_id')
  @HttpCode(200)
  @Needs('admin')
  cancel(@Req() request: Request): Promise<unknown> {
    assertNoQuery(request.query);
    return this.bus.request(cancelWrite, jobOf(request));
  }

  @Post('resolve-write/:root_job_id')
  @HttpCode(200)
  @Needs('admin')
  resolve(@Req() request: Request): Promise<unknown> {
    assertNoQuery(request.query);
    return this.bus.request(resolveWrite, { ...jobOf(request), ...resolutionOf(request.body) });
  }

  @Get('logs/writes')
  @Needs('read')
  list(@Req() request: Request): Promise<unknown> {
    return this.bus.request(listWrites, { principal: principalOf(request), query: queryOf(request.query) });
  }

  private openStream(keyId: string): () => void {
    const open = this.streams.get(keyId) ?? 0;
    if (open >= STREAMS_PER_KEY) {
      throw new Problem('rate_limited', `At most ${STREAMS_PER_KEY} event streams at a time for one key.`, {
        retryAfterSeconds: 5,
      });
    }
    this.streams.set(keyId, open + 1);
    return () => {
      const left = (this.streams.get(keyId) ?? 1) - 1;
      if (left > 0) this.streams.set(keyId, left);
      else this.streams.delete(keyId);
    };
  }
}

function jobOf(request: Request): JobRequest {
  return { principal: principalOf(request), job_id: idParam(request, 'root_job_id', 'write') };
}

const OUTCOMES = ['succeeded', 'failed'] as const;
const MAX_REASON = 1_000;
/** By code points, as the description counts. */
const isLongerThan = (maxLength: number, text: string): boolean => text.length > maxLength && [...text].length > maxLength;

/** What a person found out about a write in doubt: `outcome` and `reason`, and the PMS's id of the record if there is one. */
function resolutionOf(body: unknown): Pick<JobRequest, 'outcome' | 'reason' | 'x_id'> {
  const { outcome, reason, x_id, ...others } = objectBody(body);
  const known = OUTCOMES.find((name) => name === outcome);
  const issues: Issue[] = Object.keys(others).map((name) => ({
    pointer: `/${name}`,
    code: 'unknown_field',
    detail: `${name} is not a field of a resolution; it has outcome, reason and x_id.`,
  }));
  if (!known) issues.push({ pointer: '/outcome', code: 'invalid_enum_value', detail: 'outcome must be succeeded or failed.' });
  if (typeof reason !== 'string' || reason.trim() === '' || isLongerThan(MAX_REASON, reason)) {
    const detail = `reason must say, in at most ${MAX_REASON} characters, how this was found out.`;
    issues.push({ pointer: '/reason', code: 'required', detail });
  }
  if (x_id !== undefined && (typeof x_id !== 'string' || x_id === '' || isLongerThan(255, x_id))) {
    issues.push({ pointer: '/x_id', code: 'invalid_value', detail: "x_id must be the PMS's id of the record, as a text." });
  }
  if (!known || typeof reason !== 'string' || issues.length > 0) throw Problem.invalid(issues);
  return { outcome: known, reason, ...(typeof x_id === 'string' ? { x_id } : {}) };
}
