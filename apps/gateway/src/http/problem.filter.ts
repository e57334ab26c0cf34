import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { Problem } from '#problem';
import { errorFields, type Logger } from '#service-kit';
import { BODY_LIMIT } from './body.ts';
import { instanceOf } from './request-id.ts';
import type { Reply, Request } from './request.ts';
import type { RouteTable } from './route-table.ts';
import { traceOf } from './tracing.ts';

/** What Fastify refuses before a handler runs, by its code. */
const REFUSED_BY_FASTIFY: Readonly<Record<string, () => Problem>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () => new Problem('payload_too_large', `The body must have at most ${BODY_LIMIT} bytes.`),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () =>
    new Problem('unsupported_media_type', 'The body must be JSON: Content-Type: application/json.'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () =>
    new Problem('invalid_request', 'The body is shorter or longer than Content-Length says.'),
  FST_ERR_MAX_PARAM_LENGTH: () => Problem.notFound('path'),
  // The client hung up in the middle of its body: nobody will read this.
  ECONNRESET: () => new Problem('invalid_request', 'The request was cut off.'),
  FST_ERR_BAD_URL: () => new Problem('invalid_request', 'The path is not a valid URL path.'),
};

/** A right path with a wrong method. */
class WrongMethod extends Problem {
  constructor(method: string, path: readonly string[]) {
    super('operation_not_supported', `This path does not take ${method}; it takes ${path.join(', ')}.`);
  }

  override get title(): string {
    return 'The path does not take this method';
  }
}

/**
 * The one place where anything that was thrown becomes an answer: `application/problem+json`. What is no Problem is a bug; it is logged
 * and answered without words.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly routes: RouteTable,
    private readonly log: Logger,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<Request>(), http.getResponse<Reply>());
  }

  answer(error: unknown, request: Request, reply: Reply): void {
    const problem = this.problemOf(error, request);
    if (problem.code === 'internal') this.log.error({ requestId: request.id, ...errorFields(problem.cause) }, 'request failed');
    if (reply.sent) return;
    if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
    if (problem.status === 405) reply.header('allow', this.otherMethods(request).join(', '));
    if (problem.status === 413) readToTheEnd(request, reply);
    if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', String(problem.retryAfterSeconds));
    reply
      .status(problem.status)
      // Also here: what is refused before the entrance has not got it.
      .header('x-request-id', request.id)
      .header('content-type', 'application/problem+json')
      // As bytes: to a text Fastify would add a charset, which this type does not have.
      .send(Buffer.from(JSON.stringify({ ...problem.toDocument(instanceOf(request.id)), ...traceOf(request) })));
  }

  private problemOf(error: unknown, request: Request): Problem {
    const refused = REFUSED_BY_FASTIFY[codeOf(error) ?? ''];
    if (refused) return refused();
    if (!(error instanceof HttpException)) return Problem.from(error);
    // Fastify's own: a path or method without a route, or something else that it did not like about the request.
    if (error.getStatus() === 404) {
      const methods = this.otherMethods(request);
      return methods.length > 0 ? new WrongMethod(request.method, methods) : Problem.notFound('path');
    }
    if (error.getStatus() < 500) return new Problem('invalid_request', 'The request could not be read.', { cause: error });
    return Problem.from(error.cause ?? error);
  }

  private otherMethods({ method, url }: Request): string[] {
    return this.routes.methodsOf(url).filter((other) => other !== method);
  }
}

/**
 * A client that is still sending does not look for an answer, and one whose connection is cut never sees it. So the rest of a body that is too
 * large is read and thrown away; the time that a request may take bounds it.
 */
function readToTheEnd(request: Request, reply: Reply): void {
  reply.removeHeader('connection');
  request.raw.resume();
}

function codeOf(error: unknown): string | undefined {
  const origin = error instanceof HttpException ? error.cause : error;
  return origin instanceof Error && 'code' in origin ? String(origin.code) : undefined;
}
