import {
  applyDecorators,
  Catch,
  UsePipes,
  type ArgumentMetadata,
  type ArgumentsHost,
  type ExceptionFilter,
  type INestMicroservice,
  type PipeTransform,
} from '@nestjs/common';
import { MessagePattern, ServerNats, type NatsContext, type MicroserviceOptions } from '@nestjs/microservices';
import type { Msg, NatsConnection } from '@nats-io/nats-core';
import { throwError, type Observable } from 'rxjs';
import { Problem } from '#problem';
import { begin, noteError, type Begun } from '#tracing';
import { subjectOf, type Contract } from './contract.ts';
import { answering, traceparentOf } from './trace.ts';

/**
 * Marks a controller's method as the answerer of a contract: its first parameter (`@Payload()`) is the request's body, its result the answer.
 * A per-PMS contract is answered for every PMS, or for the one that is named.
 */
export function Answers(contract: Contract<never, unknown>, pms = '*'): MethodDecorator {
  return applyDecorators(MessagePattern(subjectOf(contract, pms)), UsePipes(new KnownVersion(contract)));
}

/** How a service listens for requests: several replicas share them. */
export function natsServer(
  servers: string,
  queue: string,
  credentials: { user?: string; pass?: string } = {},
): MicroserviceOptions {
  return {
    strategy: new TracedServer({
      servers: [servers],
      queue,
      maxReconnectAttempts: -1,
      waitOnFirstConnect: true,
      reconnectTimeWait: 250,
      gracefulShutdown: true,
      gracePeriod: 50,
      ...credentials,
    }),
  };
}

/** Nest's transport, which goes on with the trace of whoever asks. A request that belongs to no trace takes the same way as without tracing. */
class TracedServer extends ServerNats {
  private readonly begun = new WeakMap<Msg, Begun>();

  override async handleMessage(channel: string, message: Msg): Promise<unknown> {
    const parent = traceparentOf(message.headers);
    if (parent === undefined) return super.handleMessage(channel, message);
    const begun = begin(answering(channel), parent);
    this.begun.set(message, begun);
    return begun.within(() => super.handleMessage(channel, message));
  }

  /** The answer ends what the request began. */
  override getPublisher(message: Msg, id: string, of: NatsContext): (answer: { err?: unknown }) => unknown {
    const publish = super.getPublisher(message, id, of);
    const begun = this.begun.get(message);
    if (!begun) return publish;
    return (answer) => {
      if (answer.err !== undefined) noteError(begun.span, answer.err);
      begun.span.end();
      return publish(answer);
    };
  }
}

/** Starts to answer; resolves when the server has heard of it, so that nobody who asks from then on is told that nobody answers. */
export async function startAnswering(app: INestMicroservice): Promise<void> {
  await app.listen();
  await app.unwrap<NatsConnection>().flush();
}

/** Unwraps the body; refuses a payload of a version that this build does not know rather than misread it. */
class KnownVersion implements PipeTransform {
  constructor(private readonly contract: Contract<never, unknown>) {}

  transform(value: { version?: number; body?: unknown }, { type }: ArgumentMetadata): unknown {
    // Nest sends every parameter through here; a handler that asks for its context (whose subject names the PMS) gets it as it is.
    if (type !== 'body') return value;
    if (value?.version === this.contract.version) return value.body;
    throw Problem.unavailable(`${this.contract.subject} speaks version ${this.contract.version}, not ${value?.version}.`);
  }
}

/**
 * Sends what a handler threw as a Problem. `onUnexpected` hears of errors that are none: those are bugs. `meaningOf` knows errors of others that
 * are none.
 */
@Catch()
export class ProblemOverNats implements ExceptionFilter {
  constructor(
    private readonly onUnexpected: (error: unknown) => void,
    private readonly meaningOf: (error: unknown) => Problem | undefined = () => undefined,
  ) {}

  catch(error: unknown, _host: ArgumentsHost): Observable<never> {
    const problem = this.meaningOf(error) ?? Problem.from(error);
    if (problem.code === 'internal') this.onUnexpected(problem.cause ?? error);
    return throwError(() => problem.toWire());
  }
}
