import type { NatsConnection, Subscription } from '@nats-io/nats-core';
import { Problem } from '#problem';
import { subjectOf, type Contract } from './contract.ts';
import type { Letter } from './envelope.ts';

/**
 * Answers a contract outside of a service, without Nest: how tests play the services around the one that they test. What the handler throws
 * arrives as a Problem.
 * @param pms `*` answers for every PMS. @default every PMS, if the contract has one per PMS
 */
export function answer<Request, Answer>(
  connection: NatsConnection,
  contract: Contract<Request, Answer>,
  handle: (request: Request) => Answer | Promise<Answer>,
  pms = '*',
): Subscription {
  return connection.subscribe(subjectOf(contract as Contract<never, unknown>, pms), {
    callback: (failed, message) => {
      if (failed) return;
      for (const { id, data } of message.json<Letter<Request>[]>()) {
        void (async () => handle(data.body))()
          .then(
            (response) => ({ response }),
            (error: unknown) => ({ err: Problem.from(error).toWire() }),
          )
          .then((reply) => message.respond(JSON.stringify([{ id, ...reply }])));
      }
    },
  });
}
