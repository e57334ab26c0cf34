import type { AdminRequest, Contract, MessageBus, WireAnswer } from '#messaging';
import { Problem } from '#problem';
import { queryOf } from '../http/query.ts';
import { principalOf, type Reply, type Request } from '../http/request.ts';

/** Asks the service that knows what an action means, and answers as it does. @throws Problem of that service, or `unavailable` */
export async function handOn(
  bus: MessageBus,
  contract: Contract<AdminRequest, WireAnswer>,
  action: string,
  request: Request,
  reply: Reply,
): Promise<unknown> {
  // No database holds such a text, nor can it be asked for one.
  if (Object.values(request.params).some((value) => value.includes('\0'))) throw Problem.notFound('resource');
  const { status, body } = await bus.request(contract, {
    principal: principalOf(request),
    action,
    params: request.params,
    query: queryOf(request.query),
    ...(request.body === undefined ? {} : { body: request.body }),
  });
  reply.status(status);
  return body;
}
