/**
 * One try: opens the secrets, signs, calls. The way out is the hardened one of the workers: public addresses only, judged inside the connection's
 * own look-up, no redirect, bounded time and answer. It never throws, except when our own keys do not open the secrets.
 */
import { Egress, type ExchangeResult, type Resolver } from '#adapter-kit';
import { failpoint } from '#failpoints';
import { LEGACY_HEADER, legacySignature, signatureHeaders } from '#webhook-signature';
import type { SealedSecrets } from '../sealed-secrets.ts';
import type { Claim } from '../store/queue.ts';
import type { Tried } from '../store/settle.ts';
import { verdictOf } from './verdict.ts';

/** Nobody needs more to say "thank you"; a longer answer is not read to its end, and is none. */
const MAX_ANSWER_BYTES = 64 * 1_024;
const USER_AGENT = 'Latchkey-Webhooks';

export interface CourierOptions {
  /** `host:port` pairs that may be called although they are private. */
  readonly allow: readonly string[];
  /** Whole time of a try, in milliseconds. */
  readonly timeoutMs: number;
  /** @default the system's */
  readonly resolver?: Resolver;
}

export type Letter = Pick<
  Claim,
  | 'endpoint_id'
  | 'organization_id'
  | 'event_id'
  | 'body'
  | 'url'
  | 'headers'
  | 'legacy_signature'
  | 'secret'
  | 'secret_version'
  | 'former_secret'
>;

export class Courier {
  private readonly egress: Egress;

  constructor(
    private readonly secrets: SealedSecrets,
    { allow, timeoutMs, resolver }: CourierOptions,
  ) {
    const options = { allow, timeoutMs, maxAnswerBytes: MAX_ANSWER_BYTES, connections: 8 };
    this.egress = new Egress(resolver ? { ...options, resolver } : options);
  }

  /** @throws SealBroken; nothing was sent then */
  async bring(letter: Letter): Promise<Tried> {
    const headers = await this.headersOf(letter);
    failpoint('webhooks.before-sending');
    const startedAt = new Date();
    const began = performance.now();
    const result = await this.call(letter, headers);
    failpoint('webhooks.after-answer');
    return { verdict: verdictOf(result, Date.now()), startedAt, durationMs: performance.now() - began };
  }

  /** Waits for the tries under way. */
  close(): Promise<void> {
    return this.egress.close();
  }

  private call({ url, body }: Letter, headers: Readonly<Record<string, string>>): Promise<ExchangeResult> {
    return this.egress.send({ method: 'POST', url: new URL(url), headers, body });
  }

  private async headersOf(letter: Letter): Promise<Record<string, string>> {
    const { organization_id, secret, secret_version: version, former_secret, event_id: id, body } = letter;
    const owner = { organization_id, id: letter.endpoint_id };
    const current = await this.secrets.openSecret(owner, version, secret);
    const former = former_secret === null ? [] : [await this.secrets.openSecret(owner, version - 1, former_secret)];
    const own = await Promise.all(
      Object.entries(letter.headers).map(
        async ([name, sealed]) => [name, await this.secrets.openHeader(owner, name, sealed)] as const,
      ),
    );
    return {
      ...Object.fromEntries(own),
      'content-type': 'application/json',
      'user-agent': USER_AGENT,
      ...signatureHeaders([current, ...former], { id, timestamp: Math.floor(Date.now() / 1_000), body }),
      ...(letter.legacy_signature ? { [LEGACY_HEADER]: legacySignature(current, body) } : {}),
    };
  }
}
