import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { acceptWrite, Answers, type WriteAccepted, type WriteRequest } from '#messaging';
import { WriteRouter } from './write-router.ts';

/** Answers the gateway's writes. */
@Controller()
export class WritesController {
  constructor(private readonly router: WriteRouter) {}

  @Answers(acceptWrite)
  accept(@Payload() request: WriteRequest): Promise<WriteAccepted> {
    return this.router.accept(request);
  }
}
