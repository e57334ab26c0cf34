import { createInbox, RequestError, TimeoutError, type Msg, type NatsConnection } from '@nats-io/nats-core';
import { traceparentNow } from '#tracing';
import { Envelopes, type Letter, type Reply } from './envelope.ts';

interface Asked {
  readonly answer: (response: unknown) => void;
  readonly fail: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
  /** The reply subject of the envelope that it went with. */
  reply?: string;
}

/** The status with which NATS says that nobody listens on a subject. */
const NOBODY_LISTENS = 503;

/**
 * The asking side of one connection: one subscription hears every answer, and what is asked in one turn shares envelopes (envelope.ts).
 *
 * Each envelope has a reply subject of its own below ours, so that "nobody listens" is told to those whom it concerns.
 */
export class Asking {
  private readonly asked = new Map<number, Asked>();
  private readonly open = new Map<string, { readonly envelopes: Envelopes; ids: number[] }>();
  /** Letters of envelopes that nobody has answered to yet. */
  private readonly unheard = new Map<string, readonly number[]>();
  private readonly inbox: string;
  private lastId = 0;
  private lastEnvelope = 0;

  /** @param inboxPrefix Where answers may be sent to. @default `_INBOX` */
  constructor(
    private readonly connection: NatsConnection,
    inboxPrefix?: string,
  ) {
    this.inbox = createInbox(inboxPrefix);
    connection.subscribe(`${this.inbox}.*`, { callback: (error, message) => void (error ?? this.hear(message)) });
    void connection.closed().then(() => this.failAll(new RequestError('the connection is closed')));
  }

  /** @throws TimeoutError, RequestError when nobody listens; whatever the answerer sent as its error is thrown as it came. */
  ask(subject: string, data: Letter['data'], timeoutMs: number): Promise<unknown> {
    const id = (this.lastId += 1);
    const traceparent = traceparentNow();
    const letter: Letter = { id, data, ...(traceparent === undefined ? {} : { traceparent }) };
    const text = JSON.stringify(letter);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.take(id)?.fail(new TimeoutError()), timeoutMs);
      this.asked.set(id, { answer: resolve, fail: reject, timer });
      const open = this.openOn(subject);
      open.envelopes.add(text);
      open.ids.push(id);
    });
  }

  private openOn(subject: string): { readonly envelopes: Envelopes; ids: number[] } {
    const known = this.open.get(subject);
    if (known) return known;
    const made = {
      envelopes: new Envelopes((text, count) => this.send(subject, text, made.ids.splice(0, count))),
      ids: [] as number[],
    };
    this.open.set(subject, made);
    return made;
  }

  private send(subject: string, envelope: string, ids: readonly number[]): void {
    const reply = `${this.inbox}.${(this.lastEnvelope += 1)}`;
    this.unheard.set(reply, ids);
    for (const id of ids) {
      const asked = this.asked.get(id);
      if (asked) asked.reply = reply;
    }
    try {
      this.connection.publish(subject, envelope, { reply });
    } catch (error) {
      this.failEnvelope(reply, error);
    }
  }

  private hear(message: Msg): void {
    if (message.data.length === 0 && message.headers?.code === NOBODY_LISTENS) {
      this.failEnvelope(message.subject, new RequestError('nobody listens'));
      return;
    }
    for (const reply of message.json<Reply[]>()) {
      const asked = this.take(reply.id);
      if ('err' in reply && reply.err) asked?.fail(reply.err);
      else asked?.answer('response' in reply ? reply.response : undefined);
    }
  }

  private failEnvelope(reply: string, error: unknown): void {
    for (const id of this.unheard.get(reply) ?? []) this.take(id)?.fail(error);
  }

  private failAll(error: unknown): void {
    for (const id of [...this.asked.keys()]) this.take(id)?.fail(error);
  }

  /** Undefined for a letter that was answered or given up. */
  private take(id: number): Asked | undefined {
    const asked = this.asked.get(id);
    this.asked.delete(id);
    clearTimeout(asked?.timer);
    // Once one letter of an envelope is answered or given up, "nobody listens" can't come any more.
    if (asked?.reply !== undefined) this.unheard.delete(asked.reply);
    return asked;
  }
}
