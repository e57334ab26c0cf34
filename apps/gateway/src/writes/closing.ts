import { Injectable, type OnModuleDestroy } from '@nestjs/common';

/** Tells whatever waits on behalf of a client that the gateway is shutting down: a wait must not hold up a deploy. */
@Injectable()
export class Closing implements OnModuleDestroy {
  private readonly controller = new AbortController();
  readonly signal = this.controller.signal;

  onModuleDestroy(): void {
    this.controller.abort();
  }
}

/** Aborted when the client goes away. */
export function clientGone(response: NodeJS.EventEmitter): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => controller.abort());
  return controller.signal;
}
