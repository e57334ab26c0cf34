import { createInbox, RequestError, TimeoutError, type Msg, type NatsConnection } from '@nats-io/nats-core';
import { traceparentNow } from '#tracing';
import { Envelopes, type Letter, type Reply } from './envelope.ts';

interface Asked {
  readonly subject: string;
  /** The letter, for one that may be asked again. */
  readonly text: string | undefined;
  readonly askedAt: number;
  readonly answer: (response: unknown) => void;
  readonly fail: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
  /** When it was sent last, on a monotonic clock, and when to send it again if nothing is heard. */
  sentAt: number;
  again: number;
  /** The reply subject of the envelope that it went with. */
  reply?: string;
}

/** The status with which NATS says that nobody listens on a subject. */
const NOBODY_LISTENS = 503;
/** One that has not answered by then may be gone. One that is only slow is asked less and less often, or it would be the slower for it. */
const AGAIN_AFTER_MS = 800;
/** How long somebody who listens is waited for: a process that died is up again by then, or its fellow has taken over. */
const WAIT_FOR_LISTENER_MS = 3_000;
const LOOK_FOR_LISTENER_EVERY_MS = 150;
const LOOK_EVERY_MS = 200;

/**
 * The asking side of one connection: one subscription hears every answer, and what is asked in one turn shares envelopes (envelope.ts).
 *
 * A repeatable letter is sent again when nobody listens, when nobody has answered in time, and when the connection was lost meanwhile: the death
 * of an answerer, or of the NATS server, then costs time and no answer. Each envelope has a reply subject of its own below ours, so that
 * "nobody listens" is told to those whom it concerns.
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
    const looking = setInterval(() => this.askAgain(({ again }) => again < performance.now()), LOOK_EVERY_MS);
    looking.unref();
    void this.followConnection();
    void connection.closed().then(() => {
      clearInterval(looking);
      this.failAll(new RequestError('the connection is closed'));
    });
  }

  /** @throws TimeoutError, RequestError when nobody listens; whatever the answerer sent as its error is thrown as it came. */
  ask(
    subject: string,
    data: Letter['data'],
    { timeoutMs, repeatable }: { readonly timeoutMs: number; readonly repeatable: boolean },
  ): Promise<unknown> {
    const id = (this.lastId += 1);
    const traceparent = traceparentNow();
    const letter: Letter = { id, data, ...(traceparent === undefined ? {} : { traceparent }) };
    const text = JSON.stringify(letter);
    return new Promise((answer, fail) => {
      const timer = setTimeout(() => this.take(id)?.fail(new TimeoutError()), timeoutMs);
      const askedAt = performance.now();
      const sent = { sentAt: askedAt, again: askedAt + AGAIN_AFTER_MS };
      this.asked.set(id, { subject, text: repeatable ? text : undefined, askedAt, answer, fail, timer, ...sent });
      this.post(subject, id, text);
    });
  }

  private post(subject: string, id: number, text: string): void {
    const open = this.openOn(subject);
    open.envelopes.add(text);
    open.ids.push(id);
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
    let replies: readonly Reply[];
    try {
      replies = [...message.json<Reply[]>()];
    } catch (error) {
      this.failEnvelope(message.subject, new RequestError('the answer is no envelope', { cause: error }));
      return;
    }
    for (const reply of replies) {
      const asked = this.take(reply.id);
      if ('err' in reply && reply.err) asked?.fail(reply.err);
      else asked?.answer('response' in reply ? reply.response : undefined);
    }
  }

  /** An envelope that nobody heard: what may be asked again waits a moment for somebody, the rest fails. */
  private failEnvelope(reply: string, error: unknown): void {
    const ids = this.unheard.get(reply) ?? [];
    this.unheard.delete(reply);
    const giveUp = performance.now() - WAIT_FOR_LISTENER_MS;
    const patient = ids.filter((id) => {
      const asked = this.asked.get(id);
      if (asked?.text !== undefined && asked.askedAt > giveUp) return true;
      this.take(id)?.fail(error);
      return false;
    });
    if (patient.length > 0) setTimeout(() => this.resend(patient), LOOK_FOR_LISTENER_EVERY_MS);
  }

  private async followConnection(): Promise<void> {
    for await (const { type } of this.connection.status()) {
      // Whatever was on its way when the connection broke is lost, or its answer is.
      if (type === 'reconnect') this.askAgain(() => true);
    }
  }

  private askAgain(isLost: (asked: Asked) => boolean): void {
    const lost = [...this.asked].filter(([, asked]) => asked.text !== undefined && isLost(asked));
    this.resend(lost.map(([id]) => id));
  }

  private resend(ids: readonly number[]): void {
    for (const id of ids) {
      const asked = this.asked.get(id);
      if (asked?.text === undefined) continue;
      const now = performance.now();
      asked.again = now + Math.max(AGAIN_AFTER_MS, 2 * (now - asked.sentAt));
      asked.sentAt = now;
      this.post(asked.subject, id, asked.text);
    }
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
