import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { Answers, authenticate, type Principal } from '#messaging';
import { inTime } from '../in-time.ts';
import { ApiKeysRepository } from '../store/api-keys.repository.ts';

/** Every request waits for it, so one to a slow database must not take all the time that a customer has. In milliseconds. */
const KNOWN_WITHIN_MS = 1_000;

/** Says whose key has a hash. */
@Controller()
export class AuthenticationController {
  constructor(private readonly keys: ApiKeysRepository) {}

  @Answers(authenticate)
  authenticate(@Payload() { key_hash }: { key_hash: string }): Promise<Principal | null> {
    return inTime(this.keys.findPrincipal(key_hash), KNOWN_WITHIN_MS, 'The API key could not be checked in time.');
  }
}
