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
import { MessagePattern } from '@nestjs/microservices';
import type { NatsConnection } from '@nats-io/nats-core';
import { throwError, type Observable } from 'rxjs';
import { Problem } from '#problem';
import { AnsweringServer } from './answering-server.ts';
import { subjectOf, type Contract } from './contract.ts';

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
): { readonly strategy: AnsweringServer } {
  return {
    strategy: new AnsweringServer({
      servers: [servers],
      queue,
      maxReconnectAttempts: -1,
      waitOnFirstConnect: true,
      reconnectTimeWait: 250,
      ...credentials,
    }),
  };
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
