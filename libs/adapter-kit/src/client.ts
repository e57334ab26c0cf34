import { verdictOf, type AuthSpec, type ErrorReading, type PmsDefinition } from '#capabilities';
import { isHeaderValue, type Account } from './account.ts';
import { NO_TIME_LEFT } from './answering.ts';
import { readAnswer, UNREADABLE } from './answer.ts';
import { NO_ERROR, withoutAnswer, type CallResult } from './call-result.ts';
import { systemClock, type Clock } from './clock.ts';
import type { Egress, ExchangeResult } from './egress.ts';
import { fill, NOWHERE, type FilledCall } from './fill.ts';
import { AccountGate, type Admission, type Rank } from './gate.ts';
import { ALONE, type NotNow, type Outlook, type Share } from './outlook.ts';
import { strike } from './redact.ts';
import { DEFAULT_SLOW_DOWN_MS, pauseAfter, waitingTime } from './waiting.ts';

/**
 * Runs when only the sending is left: the ledger notes there that the write may happen. Resolves to the moment of `performance.now()` after which
 * it must not be sent any more, if there is one, or to the reason why it must not be sent now. When it throws, nothing is sent. It runs once for each sending, so twice after a renewed login.
 */
export type BeforeSend = () => Promise<number | NotNow | void>;

/** Whoever makes calls to one account. */
export type Caller = Pick<PmsClient, 'account' | 'clock'> & { call(call: FilledCall): Promise<CallResult> };

interface Token {
  readonly value: string;
  readonly bornAt: number;
  usedAt: number;
}
type Proof = { readonly headers: Readonly<Record<string, string>>; readonly token?: Token };
type LoginSpec = Extract<AuthSpec, { kind: 'login' }>;
interface Request {
  readonly method: FilledCall['method'];
  readonly template: string;
  readonly url: URL;
  readonly body: string | undefined;
}

/** A token is renewed this much before it would die, so that it does not die on the way. */
const TOKEN_MARGIN_MS = 30_000;
/** Calls that can't begin within this time go back to the ledger. */
const PATIENCE_MS = 15_000;
/** Credentials that were refused are not tried again for so long, by whoever shares them: many refusals lock an account. */
const REFUSED_FOR_MS = 10_000;
/** What a PMS says about errors beyond this many fields nobody reads. */
const MAX_ERROR_FIELDS = 50;

/**
 * Speaks to one account of one PMS: proves who we are, keeps to the limits, and says what each answer proves. One per account and worker, shared
 * by all jobs, because the limits and the login token belong to the account.
 */
export class PmsClient {
  // Private for real, so that an inspected client shows neither.
  #token: Token | undefined;
  #login: Promise<CallResult | Token> | undefined;
  private readonly gate: AccountGate;
  private refusedUntil = -Infinity;

  constructor(
    readonly account: Account,
    private readonly egress: Egress,
    readonly clock: Clock = systemClock,
    private readonly outlook: Outlook = ALONE,
  ) {
    this.gate = new AccountGate(account.pms.limits, clock.elapsed);
  }

  /**
   * Makes a call. A 401 on a token that the PMS may have forgotten is answered with one new login and one more try: a call that was not authorized
   * had no effect. The second try runs `beforeSend` again, because in the meantime the work may have become somebody else's.
   * @throws what `beforeSend` throws, and TypeError for a body that is no JSON
   */
  async call(call: FilledCall, body?: unknown, beforeSend: BeforeSend = async () => {}): Promise<CallResult> {
    return this.callAs('write', call, body, beforeSend);
  }

  /** The same account for reads that nobody's write waits for: they let writes go first. */
  get reader(): Caller {
    return { account: this.account, clock: this.clock, call: (call) => this.callAs('read', call, undefined, async () => {}) };
  }

  /** Asks whether the PMS is there, by its harmless read, whatever is known against it. */
  async probe(): Promise<CallResult> {
    const proof = await this.proofOfIdentity(this.account.pms.auth);
    if ('verdict' in proof) return proof;
    return this.ask(this.prepare(fill(this.account.pms.probe, NOWHERE), undefined), proof.headers);
  }

  /** The account must be left alone for so long: the PMS has told so to somebody who shares it. */
  pauseFor(ms: number): void {
    this.gate.closeFor(ms);
  }

  /** Its limits are shared with others from now on. */
  divide(share: Share): void {
    this.gate.divide(share);
  }

  /** The credentials were refused, or work again, as somebody found out who shares the account. */
  hold(held: boolean): void {
    this.refusedUntil = held ? Infinity : -Infinity;
  }

  /** Gives the session back, where the PMS counts them. Never throws: an account that can't be logged out will be forgotten by the PMS. */
  async logOut(): Promise<void> {
    const { auth } = this.account.pms;
    const token = this.#token;
    if (auth.kind !== 'login' || !auth.release || !token) return;
    this.#token = undefined;
    const { call, query } = auth.release;
    await this.ask(this.prepare(fill(call, NOWHERE, { [query]: token.value }), undefined), { [auth.header]: token.value });
  }

  private async callAs(rank: Rank, call: FilledCall, body: unknown, beforeSend: BeforeSend): Promise<CallResult> {
    const request = this.prepare(call, body);
    const first = await this.attempt(rank, request, beforeSend);
    if (first.result.verdict !== 'unauthorized' || !first.token) return this.remembered(first.result);
    this.forget(first.token);
    const second = await this.attempt(rank, request, beforeSend);
    if (second.result.verdict === 'unauthorized' && second.token) this.forget(second.token);
    return this.remembered(second.result);
  }

  private prepare({ method, target, template }: FilledCall, body: unknown): Request {
    const url = new URL(this.account.baseUrl + target);
    return { method, template, url, body: body === undefined ? undefined : JSON.stringify(body) };
  }

  private async attempt(
    rank: Rank,
    request: Request,
    beforeSend: BeforeSend,
  ): Promise<{ result: CallResult; token?: Token | undefined }> {
    const refusal = this.refusal();
    if (refusal) return { result: refusal };
    const admission = await this.gate.enter(PATIENCE_MS, rank);
    if (!admission.admitted) return { result: notAdmitted(admission) };
    try {
      const proof = await this.proofOfIdentity(this.account.pms.auth);
      if ('verdict' in proof) return { result: proof };
      const noted = await beforeSend();
      if (typeof noted === 'object') return { result: this.heed(noted) };
      // Another call may have been told to slow down while this one logged in or was noted.
      const closed = this.gate.closedForMs;
      if (closed > 0) return { result: notAdmitted({ closed: true, retryAfterMs: Math.ceil(closed) }) };
      const late = this.refusal();
      if (late) return { result: late };
      const result = await this.ask(request, proof.headers, noted ?? undefined);
      return { result, token: proof.token };
    } finally {
      admission.leave();
    }
  }

  /** Why no call is made at all. */
  private refusal(): CallResult | undefined {
    if (this.refusedUntil > this.clock.elapsed()) return withoutAnswer({ evidence: 'A', verdict: 'unauthorized' });
    const trouble = this.outlook.outOfOrder();
    return trouble && withoutAnswer({ evidence: 'A', verdict: 'later', unmade: true, ...trouble });
  }

  private heed(notNow: NotNow): CallResult {
    if ('held' in notNow) {
      this.refusedUntil = Math.max(this.refusedUntil, this.clock.elapsed() + REFUSED_FOR_MS);
      return withoutAnswer({ evidence: 'A', verdict: 'unauthorized' });
    }
    this.gate.closeFor(notNow.pausedMs);
    return notAdmitted({ closed: true, retryAfterMs: notNow.pausedMs });
  }

  private remembered(result: CallResult): CallResult {
    if (result.verdict === 'unauthorized' && result.evidence !== 'A') this.refusedUntil = this.clock.elapsed() + REFUSED_FOR_MS;
    if (result.verdict === 'done') this.refusedUntil = -Infinity;
    return result;
  }

  private async ask(request: Request, headers: Readonly<Record<string, string>>, startBefore?: number): Promise<CallResult> {
    const { method, template, url } = request;
    const ended = this.egress.watch({ pms: this.account.pms.slug, method, template, url });
    const exchanged = await this.exchange(request, headers, startBefore);
    const result = this.judge(exchanged);
    ended(result);
    // What we did not send ourselves says nothing about the PMS.
    if (exchanged.kind !== 'not_sent' || exchanged.reason !== NO_TIME_LEFT) this.outlook.saw(troubleIn(this.account.pms, result));
    return result;
  }

  private exchange(
    { method, url, body }: Request,
    headers: Readonly<Record<string, string>>,
    startBefore?: number,
  ): Promise<ExchangeResult> {
    return this.egress.send({
      method,
      url,
      // No accept-encoding: an answer that is small on the wire must not be large in memory.
      headers: {
        'user-agent': 'Latchkey',
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
      ...(startBefore === undefined ? {} : { startBefore }),
    });
  }

  private judge(result: ExchangeResult): CallResult {
    const { reason } = result.kind === 'answered' ? { reason: null } : result;
    if (result.kind === 'not_sent') return withoutAnswer({ evidence: 'A', verdict: 'not_sent', reason });
    if (result.kind === 'lost')
      return withoutAnswer({ evidence: 'C', verdict: 'unclear', reason, status: result.status ?? null });
    const { pms } = this.account;
    const { status, headers } = result;
    const stated = verdictOf(pms, status);
    const answer = readAnswer(result.body, stated);
    // A 2xx that can't be read proves nothing: perhaps it is not the PMS's own.
    const verdict = stated === 'done' && answer === UNREADABLE ? 'unclear' : stated;
    const parsed = answer === UNREADABLE ? undefined : answer;
    const now = this.clock.now();
    const retryAfterMs = waitingTime(verdict, headers, pms.limits, now);
    const pause = Math.max(
      verdict === 'slow_down' ? (retryAfterMs ?? DEFAULT_SLOW_DOWN_MS) : 0,
      pauseAfter(headers, pms.limits, now),
    );
    if (pause > 0) {
      this.gate.closeFor(pause);
      this.outlook.askedToWait(pause);
    }
    return {
      evidence: verdict === 'unclear' ? 'C' : 'B',
      verdict,
      status,
      answer: verdict === 'done' ? parsed : undefined,
      headers,
      error: verdict === 'done' ? NO_ERROR : this.readError(parsed),
      reason: verdict !== stated ? 'the answer could not be read' : null,
      retryAfterMs,
    };
  }

  /** A PMS that refuses a key may repeat it. */
  private readError(answer: unknown): ErrorReading {
    const secrets = [...this.account.secrets(), ...(this.#token ? [this.#token.value] : [])];
    const clean = (text: unknown): string => strike(String(text).slice(0, 20_000), secrets);
    try {
      const { message, fields } = this.account.pms.readError(answer);
      return {
        message: message === null ? null : clean(message),
        fields: fields
          .slice(0, MAX_ERROR_FIELDS)
          .map(({ remote, message: words }) => ({ remote: clean(remote), message: clean(words) })),
      };
    } catch {
      // An error that is not told as documented is still the error that its status says.
      return NO_ERROR;
    }
  }

  private async proofOfIdentity(auth: AuthSpec): Promise<Proof | CallResult> {
    const credentials = this.account.reveal();
    const fromCredentials = (names: Readonly<Record<string, string>> = {}): Record<string, string> =>
      Object.fromEntries(
        Object.entries(names)
          .map(([header, name]) => [header, credentials[name] ?? ''] as const)
          .filter(([, value]) => value !== ''),
      );
    const headers = fromCredentials(auth.headers);
    if (auth.kind === 'headers') return { headers };
    const fixed = auth.unless && fromCredentials({ [auth.unless.header]: auth.unless.credential });
    if (fixed && Object.keys(fixed).length > 0) return { headers: { ...headers, ...fixed } };
    const token = await this.freshToken(auth);
    if ('verdict' in token) return token;
    token.usedAt = this.clock.elapsed();
    return { headers: { ...headers, [auth.header]: token.value }, token };
  }

  /** The token of the account; whoever comes while it is being fetched waits for the same one. */
  private async freshToken(auth: LoginSpec): Promise<CallResult | Token> {
    const token = this.#token;
    const now = this.clock.elapsed();
    const alive = (since: number, forMs: number): boolean => now - since < forMs - Math.min(TOKEN_MARGIN_MS, forMs / 2);
    if (token && alive(token.usedAt, auth.idleMs) && alive(token.bornAt, auth.lifetimeMs)) return token;
    this.#login ??= this.logIn(auth).finally(() => (this.#login = undefined));
    return this.#login;
  }

  /** Forgets a token that was refused, unless it has been replaced already. */
  private forget(token: Token): void {
    if (this.#token === token) this.#token = undefined;
  }

  private async logIn(auth: LoginSpec): Promise<CallResult | Token> {
    const request = this.prepare(fill(auth.call, NOWHERE), auth.body(this.account.reveal()));
    const result = await this.ask(request, {});
    const value = result.verdict === 'done' ? tokenIn(result.answer, auth) : undefined;
    if (value === undefined) return failedLogin(result, auth);
    const now = this.clock.elapsed();
    this.#token = { value, bornAt: now, usedAt: now };
    return this.#token;
  }
}

function tokenIn(answer: unknown, auth: LoginSpec): string | undefined {
  try {
    const value: unknown = auth.token(answer);
    return typeof value === 'string' && value !== '' && isHeaderValue(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What kept the PMS from giving a clear answer, in a sentence; undefined when it gave one. */
function troubleIn({ title }: PmsDefinition, { verdict, status, reason }: CallResult): string | undefined {
  const why = reason === null ? '.' : `: ${reason}.`;
  if (verdict === 'not_sent') return `${title} could not be reached${why}`;
  return verdict === 'unclear' ? `${title} gave no clear answer${status === null ? '' : ` (${status})`}${why}` : undefined;
}

function notAdmitted({ closed, retryAfterMs }: Omit<Extract<Admission, { admitted: false }>, 'admitted'>): CallResult {
  const reason = closed ? 'its limit is reached' : 'too many calls are waiting for this account';
  return withoutAnswer({ evidence: 'A', verdict: closed ? 'slow_down' : 'later', reason, retryAfterMs, unmade: true });
}

/** A login has no effect that could double, so whatever went wrong, the call behind it was not sent. */
function failedLogin(result: CallResult, { crowded }: LoginSpec): CallResult {
  switch (result.verdict) {
    case 'refused':
    case 'unauthorized':
      if (crowded?.is(result.error))
        return { ...result, verdict: 'slow_down', evidence: 'A', retryAfterMs: crowded.retryAfterMs };
      return { ...result, verdict: 'unauthorized', evidence: 'B' };
    case 'slow_down':
    case 'later':
      return { ...result, evidence: 'A' };
    default:
      return { ...result, verdict: 'not_sent', evidence: 'A', reason: result.reason ?? 'it did not let us log in' };
  }
}
