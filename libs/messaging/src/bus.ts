import { jetstream, jetstreamManager, JetStreamApiError, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import { RequestError, TimeoutError, type NatsConnection } from '@nats-io/nats-core';
import { Problem } from '#problem';
import { inActivity } from '#tracing';
import { Asking } from './asking.ts';
import { connectPatiently, inboxPrefixOf, type ConnectOptions } from './connect.ts';
import { subjectOf, type Contract } from './contract.ts';
import { askingAbout } from './trace.ts';

/** What nats-server takes unless it is told otherwise. */
const DEFAULT_MAX_PAYLOAD = 1_048_576;

/**
 * One service's connection to NATS: requests by contract, and JetStream.
 *
 * Answerers are ordinary message handlers of Nest (answers.ts). Nest's client is not used because it opens and closes a subscription for each
 * request, sends each alone, and can't tell "nobody answers" from "slow".
 */
export class MessageBus {
  private readonly asking: Asking;

  private constructor(
    readonly connection: NatsConnection,
    inboxPrefix: string | undefined,
  ) {
    this.asking = new Asking(connection, inboxPrefix);
  }

  /** Connects as soon as there is a server, and keeps reconnecting for ever after. @throws Error when the server refuses the user */
  static async connect(options: ConnectOptions): Promise<MessageBus> {
    return new MessageBus(await connectPatiently(options), inboxPrefixOf(options));
  }

  /**
   * Asks and waits for the answer.
   * @throws Problem of the answerer; Problem `unavailable` when nobody answers or the answer is lost. Then the request may or may not have
   *   been carried out: whether it is safe to ask again is the contract's matter.
   */
  async request<Request, Answer>(
    contract: Contract<Request, Answer>,
    body: Request,
    options: { pms?: string; timeoutMs?: number } = {},
  ): Promise<Answer> {
    const subject = subjectOf(contract as Contract<never, unknown>, options.pms);
    const how = { timeoutMs: options.timeoutMs ?? contract.timeoutMs, repeatable: contract.repeatable };
    return inActivity(askingAbout(contract), async () => {
      try {
        return (await this.asking.ask(subject, { version: contract.version, body }, how)) as Answer;
      } catch (error) {
        throw translate(error, contract.subject);
      }
    });
  }

  get jetstream(): JetStreamClient {
    return jetstream(this.connection, { timeout: 2_000 });
  }

  jetstreamManager(): Promise<JetStreamManager> {
    return jetstreamManager(this.connection, { timeout: 5_000, checkAPI: false });
  }

  /** The largest message that the server takes, in bytes. */
  get maxMessageBytes(): number {
    return this.connection.info?.max_payload ?? DEFAULT_MAX_PAYLOAD;
  }

  get isConnected(): boolean {
    return !this.connection.isClosed();
  }

  /** Hears of each time that the connection was lost and is back: the server may have lost what it had not kept on disk. */
  onReconnect(hear: () => void): void {
    void (async () => {
      for await (const { type } of this.connection.status()) if (type === 'reconnect') hear();
    })();
  }

  /** Lets requests under way finish, then closes. */
  async close(): Promise<void> {
    if (!this.connection.isClosed()) await this.connection.drain();
  }
}

function translate(error: unknown, asked: string): unknown {
  if (error instanceof Problem) return error;
  if (error instanceof TimeoutError || error instanceof RequestError || error instanceof JetStreamApiError) {
    return Problem.unavailable('A part of Latchkey does not answer.', 2, new Error(asked, { cause: error }));
  }
  return Problem.from(error);
}
