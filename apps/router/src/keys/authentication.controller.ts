import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { Answers, authenticate, type Principal } from '#messaging';
import { ApiKeysRepository } from '../store/api-keys.repository.ts';

/** Says whose key has a hash. */
@Controller()
export class AuthenticationController {
  constructor(private readonly keys: ApiKeysRepository) {}

  @Answers(authenticate)
  authenticate(@Payload() { key_hash }: { key_hash: string }): Promise<Principal | null> {
    return this.keys.findPrincipal(key_hash);
  }
}
