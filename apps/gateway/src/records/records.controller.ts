import { Controller, Get, Req, Res } from '@nestjs/common';
import { getRecord, listRecords, MessageBus } from '#messaging';
import { Problem } from '#problem';
import { Needs } from '../auth/needs.decorator.ts';
import { assertPagingOnly, queryOf } from '../http/query.ts';
import { principalOf, type Reply, type Request } from '../http/request.ts';

/** Seconds since the oldest copy in the answer was read from its PMS. */
const AGE_HEADER = 'latchkey-data-age';
/** Longer than any path of a model: what does not fit can't be one. */
const MAX_SEGMENT = 64;

/** Every read of every model, from the cached copies. */
@Controller('v1')
export class RecordsController {
  constructor(private readonly bus: MessageBus) {}

  @Get(':model')
  @Needs('read')
  async list(@Req() request: Request, @Res({ passthrough: true }) reply: Reply): Promise<unknown> {
    const asked = { principal: principalOf(request), model: segment(request, 'model'), query: queryOf(request.query) };
    const { meta, results, age_seconds } = await this.bus.request(listRecords, asked);
    if (age_seconds !== null) reply.header(AGE_HEADER, String(age_seconds));
    return { meta, results };
  }

  @Get(':model/:id')
  @Needs('read')
  async read(@Req() request: Request, @Res({ passthrough: true }) reply: Reply): Promise<unknown> {
    assertPagingOnly(request.query);
    const asked = { principal: principalOf(request), model: segment(request, 'model'), id: segment(request, 'id') };
    const { result, age_seconds } = await this.bus.request(getRecord, asked);
    reply.header(AGE_HEADER, String(age_seconds));
    return { meta: { offset: 0, limit: 1, orderBy: [], hasMore: false, total: 1 }, results: result };
  }
}

function segment({ params }: Request, name: string): string {
  const value = params[name] ?? '';
  if (value.length > MAX_SEGMENT || value.includes('\0')) throw Problem.notFound(name === 'id' ? 'record' : name);
  return value;
}
