import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { acceptWrite, Answers, type WriteAccepted, type WriteRequest } from '#messaging';
import { inTime } from '../in-time.ts';
import { WriteRouter } from './write-router.ts';

/**
 * A customer is told sooner that nobody can say than a slow database would need; with the look at the key it makes less than three seconds. In
 * milliseconds.
 */
const ACCEPTED_WITHIN_MS = 1_800;

/** Answers the gateway's writes. */
@Controller()
export class WritesController {
  constructor(private readonly router: WriteRouter) {}

  @Answers(acceptWrite)
  accept(@Payload() request: WriteRequest): Promise<WriteAccepted> {
    return inTime(
      this.router.accept(request),
      ACCEPTED_WITHIN_MS,
      'The write could not be accepted in time. Repeat it with the same Idempotency-Key.',
    );
  }
}
