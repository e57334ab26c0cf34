/**
 * Tokens of Rent Manager's log-in.
 *
 *   issued -> used (each use restarts the idle clock) -> released | idle for 15 minutes | 24 hours old
 *
 * Promises: at most ten living tokens a user; the eleventh log-in is refused until one dies. Fails: by Refusal (401).
 */
import { randomBytes } from 'node:crypto';
import { unauthorized } from './answers.ts';

const LIFETIME_MS = 24 * 60 * 60_000;
const IDLE_MS = 15 * 60_000;
const CAP = 10;
/** Gives the 108 characters seen in the wild. */
const TOKEN_BYTES = 81;

export interface User {
  readonly userId: number;
  readonly username: string;
  readonly password: string;
}

export interface Token {
  readonly user: User;
  readonly locationId: number;
  readonly issuedMs: number;
  usedMs: number;
}

export class Tokens {
  private readonly living = new Map<string, Token>();

  issue(user: User, locationId: number, now: Date): string {
    this.buryDead(now.getTime());
    const theirs = [...this.living.values()].filter((token) => token.user.userId === user.userId);
    if (theirs.length >= CAP) throw unauthorized(`${user.username} is logged in the maximum number of times (${CAP}).`);
    const secret = randomBytes(TOKEN_BYTES).toString('base64url');
    this.living.set(secret, { user, locationId, issuedMs: now.getTime(), usedMs: now.getTime() });
    return secret;
  }

  /** The token behind a header, its idle clock restarted. */
  use(secret: string | undefined, now: Date): Token {
    if (!secret) throw unauthorized('Missing ApiToken: send it in the X-RM12Api-ApiToken header.');
    const token = this.living.get(secret);
    if (token === undefined || isDead(token, now.getTime()))
      throw unauthorized('The ApiToken could not be validated; log in again.');
    token.usedMs = now.getTime();
    return token;
  }

  release(secret: string): void {
    this.living.delete(secret);
  }

  private buryDead(nowMs: number): void {
    for (const [secret, token] of this.living) if (isDead(token, nowMs)) this.living.delete(secret);
  }
}

function isDead({ issuedMs, usedMs }: Token, nowMs: number): boolean {
  return nowMs - issuedMs >= LIFETIME_MS || nowMs - usedMs >= IDLE_MS;
}
