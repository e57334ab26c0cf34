import { NatsContext, ServerNats, type MessageHandler, type NatsOptions } from '@nestjs/microservices';
import type { Msg, NatsConnection, Subscription } from '@nats-io/nats-core';
import { firstValueFrom } from 'rxjs';
import { goOn } from '#tracing';
import { Envelopes, type Letter, type Reply } from './envelope.ts';
import { answering } from './trace.ts';

/** How long a service that stops lets its answers finish. In milliseconds. */
const FINISH_WITHIN_MS = 15_000;

/**
 * Nest's NATS transport, for letters in envelopes (envelope.ts): each letter is handled by itself, with the pipes and filters of its handler,
 * and answered as soon as it can be. A server that closes takes no more letters and answers those that it has, so that a deployment
 * costs nobody an answer.
 */
export class AnsweringServer extends ServerNats {
  private handling = 0;
  private finished: (() => void) | undefined;
  private client: NatsConnection | undefined;
  private listening: Subscription[] = [];

  constructor(private readonly settings: Required<NatsOptions>['options']) {
    super(settings);
  }

  override bindEvents(client: NatsConnection): void {
    this.client = client;
    const { queue } = this.settings;
    this.listening = [...this.getHandlers().keys()].map((subject) =>
      client.subscribe(subject, {
        ...(queue === undefined ? {} : { queue }),
        callback: (error, message) => (error ? this.handleError(error.message) : this.open(subject, message)),
      }),
    );
  }

  private open(subject: string, message: Msg): void {
    const handler = this.getHandlerByPattern(subject);
    // Subscriptions come from the handlers, so there is one.
    if (!handler) return;
    const context = new NatsContext([message.subject, message.headers]);
    const answers = new Envelopes((envelope) => void message.respond(envelope));
    try {
      for (const letter of message.json<Letter[]>()) void this.answer(letter, subject, handler, context, answers);
    } catch {
      // Whoever may ask may also send nonsense; it must not end us.
      this.handleError(`no envelope on ${subject}`);
    }
  }

  private async answer(
    { id, data, traceparent }: Letter,
    subject: string,
    handler: MessageHandler,
    context: NatsContext,
    answers: Envelopes,
  ): Promise<void> {
    this.handling += 1;
    let reply: Reply;
    try {
      const work = async () => firstValueFrom(this.transformToObservable(await handler(data, context)));
      reply = { id, response: await goOn(traceparent, answering(subject), work) };
    } catch (err) {
      reply = { id, err };
    }
    answers.add(JSON.stringify(reply));
    this.handling -= 1;
    if (this.handling === 0) this.finished?.();
  }

  override async close(): Promise<void> {
    const { client } = this;
    if (client) {
      for (const subscription of this.listening) subscription.unsubscribe();
      // The server has heard of it when this is answered: no letter is on its way to us any more.
      await client.flush().catch(() => undefined);
      await this.finish();
      await client.flush().catch(() => undefined);
    }
    await super.close();
  }

  private async finish(): Promise<void> {
    // Answers are sent one turn after they are ready.
    if (this.handling > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, FINISH_WITHIN_MS);
        this.finished = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}
