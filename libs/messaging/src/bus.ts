import { jetstream, jetstreamManager, JetStreamApiError, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import { NoRespondersError, RequestError, TimeoutError, type NatsConnection } from '@nats-io/nats-core';
import { nanoid } from 'nanoid';
import { Problem } from '#problem';
import { inActivity } from '#tracing';
import { connectPatiently, type ConnectOptions } from './connect.ts';
import { subjectOf, type Contract } from './contract.ts';
import { askingAbout, traceHeaders } from './trace.ts';

/** What nats-server takes unless it is told otherwise. */
const DEFAULT_MAX_PAYLOAD = 1_048_576;

/** The body of a request, as @nestjs/microservices' NATS transport reads and writes it. */
interface Packet<Body> {
  readonly id: string;
  readonly pattern: string;
  readonly data: { readonly version: number; readonly body: Body };
}

/**
 * One service's connection to NATS: requests by contract, and JetStream.
 *
 * It speaks the packet format of Nest's own transport, so answerers are ordinary message handlers. Nest's client is not used because it
 * opens and closes a subscription for each request and can't tell "nobody answers" from "slow".
 */
export class MessageBus {
  private constructor(readonly connection: NatsConnection) {}

  /** Connects as soon as there is a server, and keeps reconnecting for ever after. @throws Error when the server refuses the user */
  static async connect(options: ConnectOptions): Promise<MessageBus> {
    return new MessageBus(await connectPatiently(options));
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
    const pattern = subjectOf(contract as Contract<never, unknown>, options.pms);
    const packet: Packet<Request> = { id: nanoid(), pattern, data: { version: contract.version, body } };
    return inActivity(askingAbout(contract), async () => {
      try {
        const reply = await this.connection.request(pattern, JSON.stringify(packet), {
          timeout: options.timeoutMs ?? contract.timeoutMs,
          ...traceHeaders(),
        });
        const { err, response } = reply.json<{ err?: unknown; response?: Answer }>();
        if (err) throw Problem.from(err);
        return response as Answer;
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

  /** Lets requests under way finish, then closes. */
  async close(): Promise<void> {
    if (!this.connection.isClosed()) await this.connection.drain();
  }
}

function translate(error: unknown, asked: string): unknown {
  if (error instanceof Problem) return error;
  if (
    error instanceof TimeoutError ||
    error instanceof RequestError ||
    error instanceof NoRespondersError ||
    error instanceof JetStreamApiError
  ) {
    return Problem.unavailable('A part of Latchkey does not answer.', 2, new Error(asked, { cause: error }));
  }
  return Problem.from(error);
}
