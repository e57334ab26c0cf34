import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

/** How long a gateway that stops goes on answering, in milliseconds: long enough for its clients to hear that they should turn elsewhere. */
const FAREWELL_MS = 1_500;

/**
 * How the gateway leaves without costing a client an error: each answer says that its connection ends with it, so the next request opens another
 * one, at another gateway. Only then does it stop to listen. What clients keep open and do not use meanwhile is closed in the end.
 */
export class Leaving {
  private isLeaving = false;

  constructor(fastify: FastifyInstance) {
    fastify.addHook('onSend', async (_request, reply) => {
      if (this.isLeaving) reply.header('connection', 'close');
    });
  }

  async sayFarewell(): Promise<void> {
    this.isLeaving = true;
    await sleep(FAREWELL_MS);
  }
}
