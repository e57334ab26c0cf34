import { Controller, Get, Req, Res } from '@nestjs/common';
import { Needs } from '../auth/needs.decorator.ts';
import { assertNoQuery } from '../http/query.ts';
import type { Reply, Request } from '../http/request.ts';
import { DocumentSource } from './document-source.ts';

/** The description of the API, for programs. It needs a key, as the rest of the customers' documentation does. */
@Controller()
export class OpenApiController {
  constructor(private readonly source: DocumentSource) {}

  @Get('openapi.json')
  @Needs('read')
  async read(@Req() request: Request, @Res() reply: Reply): Promise<void> {
    assertNoQuery(request.query);
    const document = await this.source.read();
    await reply.header('content-type', 'application/json; charset=utf-8').send(document);
  }
}
