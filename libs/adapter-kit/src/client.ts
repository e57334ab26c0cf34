import { verdictOf, type AuthSpec, type ErrorReading, type Evidence, type Verdict } from '#capabilities';
import type { Account } from './account.ts';
import type { Egress, ExchangeResult } from './egress.ts';
import type { FilledCall } from './fill.ts';
import { fill } from './fill.ts';
import { AccountGate } from './gate.ts';

/** What a call to the PMS came to. */
export interface CallResult {
  readonly evidence: Evidence;
  readonly verdict: Verdict | 'not_sent';
  readonly status: number | null;
  /** The parsed answer of a `done` call; undefined for an empty body. */
  readonly answer: unknown;
  readonly headers: Readonly<Record<string, string>>;
  /** What the PMS said about a call that it did not carry out. */
  readonly error: ErrorReading;
  /** In words, when nothing was answered. */
  readonly reason: string | null;
  /** How long the PMS asked us to wait. */
  readonly retryAfterMs: number | undefined;
}

interface Token {
  readonly value: string;
  readonly bornAt: number;
  usedAt: number;
}

/** A Retry-After beyond this is a mistake, or as good as one. */
const MAX_RETRY_AFTER_MS = 3_600_000;
/** Used when the PMS says "slow down" without saying for how long. */
const DEFAULT_SLOW_DOWN_MS = 2_000;
/** A token is renewed this much before it would die, so that it does not die on the way. */
const TOKEN_MARGIN_MS = 30_000;
const NO_ERROR: ErrorReading = { message: null, fields: [] };

/**
 * Speaks to one account of one PMS: proves who we are, keeps to the limits, and says what each answer proves. One per account and worker, shared
 * by all jobs, because the limits and the login token belong to the account.
 */
export class PmsClient {
  private readonly gate: AccountGate;
  private token: Token | undefined;
  private login: Promise<CallResult | Token> | undefined;

  constructor(
    readonly account: Account,
    private readonly egress: Egress,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.gate = new AccountGate(account.pms.limits, now);
  }

  /**
   * Makes a call. `beforeSend` runs when everything is ready and only the sending is left (the ledger notes there that the write may happen);
   * if it throws, nothing is sent. A 401 on a token that the PMS has forgotten is answered with one new login and one more try: a call that was
   * not authorized had no effect.
   */
  async call(call: FilledCall, body?: unknown, beforeSend: () => Promise<void> = async () => {}): Promise<CallResult> {
    const first = await this.attempt(call, body, beforeSend);
    if (first.verdict !== 'unauthorized' || this.account.pms.auth.kind !== 'login') return first;
    this.token = undefined;
    return this.attempt(call, body, async () => {});
  }

  private async attempt(call: FilledCall, body: unknown, beforeSend: () => Promise<void>): Promise<CallResult> {
    const leave = await this.gate.enter();
    try {
      const proof = await this.proofOfIdentity(this.account.pms.auth);
      if ('verdict' in proof) return proof;
      await beforeSend();
      return this.judge(await this.exchange(call, body, proof.headers));
    } finally {
      leave();
    }
  }

  private exchange(call: FilledCall, body: unknown, headers: Readonly<Record<string, string>>): Promise<ExchangeResult> {
    return this.egress.send({
      method: call.method,
      url: new URL(this.account.baseUrl + call.target),
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  private judge(result: ExchangeResult): CallResult {
    const none = { status: null, answer: undefined, headers: {}, error: NO_ERROR, retryAfterMs: undefined };
    if (result.kind === 'not_sent') return { ...none, evidence: 'A', verdict: 'not_sent', reason: result.reason };
    if (result.kind === 'lost')
      return { ...none, evidence: 'C', verdict: 'unclear', reason: result.reason, status: result.status ?? null };
    const { pms } = this.account;
    const { status, headers } = result;
    const parsed = parse(result.body);
    let verdict = verdictOf(pms, status);
    // A 2xx that can't be read proves nothing: perhaps it is not the PMS's own.
    if (verdict === 'done' && parsed === UNREADABLE) verdict = 'unclear';
    const answer = parsed === UNREADABLE ? undefined : parsed;
    const retryAfterMs = this.waitingTime(verdict, headers);
    if (verdict === 'slow_down') this.gate.closeFor(retryAfterMs ?? DEFAULT_SLOW_DOWN_MS);
    this.obeyBudget(headers);
    return {
      evidence: verdict === 'unclear' ? 'C' : 'B',
      verdict,
      status,
      answer,
      headers,
      error: verdict === 'done' ? NO_ERROR : pms.readError(answer),
      reason: verdict === 'unclear' && parsed === UNREADABLE ? 'the answer could not be read' : null,
      retryAfterMs,
    };
  }

  private waitingTime(verdict: Verdict, headers: Readonly<Record<string, string>>): number | undefined {
    if (verdict !== 'slow_down' && verdict !== 'later') return undefined;
    const told = headers['retry-after'];
    if (told !== undefined) {
      const seconds = Number(told);
      const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(told) - Date.now();
      if (Number.isFinite(ms) && ms >= 0) return Math.min(ms, MAX_RETRY_AFTER_MS);
    }
    const resetAt = Number(headers[this.account.pms.limits.headers?.resetAt ?? '']);
    if (Number.isFinite(resetAt) && resetAt > 0) return Math.min(Math.max(0, resetAt * 1_000 - Date.now()), MAX_RETRY_AFTER_MS);
    return verdict === 'slow_down' ? DEFAULT_SLOW_DOWN_MS : undefined;
  }

  /** A PMS that counts for us is believed before it has to refuse. */
  private obeyBudget(headers: Readonly<Record<string, string>>): void {
    const names = this.account.pms.limits.headers;
    const remaining = names && headers[names.remaining];
    if (names === undefined || remaining === undefined || Number(remaining) > 0) return;
    const wait = Number(headers[names.resetAt]) * 1_000 - Date.now();
    if (wait > 0) this.gate.closeFor(Math.min(wait, MAX_RETRY_AFTER_MS));
  }

  private async proofOfIdentity(auth: AuthSpec): Promise<{ headers: Record<string, string> } | CallResult> {
    const { credentials } = this.account;
    const fromCredentials = (names: Readonly<Record<string, string>> = {}): Record<string, string> =>
      Object.fromEntries(
        Object.entries(names)
          .map(([header, name]) => [header, credentials[name] ?? ''] as const)
          .filter(([, value]) => value !== ''),
      );
    if (auth.kind === 'headers') return { headers: fromCredentials(auth.headers) };
    const token = await this.freshToken(auth);
    if ('verdict' in token) return token;
    token.usedAt = this.now();
    return { headers: { ...fromCredentials(auth.headers), [auth.header]: token.value } };
  }

  /** The token of the account; whoever comes while it is being fetched waits for the same one. */
  private async freshToken(auth: Extract<AuthSpec, { kind: 'login' }>): Promise<CallResult | Token> {
    const { token } = this;
    const now = this.now();
    if (token && now - token.usedAt < auth.idleMs - TOKEN_MARGIN_MS && now - token.bornAt < auth.lifetimeMs - TOKEN_MARGIN_MS)
      return token;
    this.login ??= this.logIn(auth).finally(() => (this.login = undefined));
    return this.login;
  }

  private async logIn(auth: Extract<AuthSpec, { kind: 'login' }>): Promise<CallResult | Token> {
    const call = fill(auth.call, { recordId: null, references: {}, values: {}, done: {} });
    const result = this.judge(await this.exchange(call, auth.body(this.account.credentials), {}));
    const value = result.verdict === 'done' ? auth.token(result.answer) : undefined;
    if (value === undefined) return failedLogin(result);
    this.token = { value, bornAt: this.now(), usedAt: this.now() };
    return this.token;
  }
}

/** A login has no effect that could double, so whatever went wrong, the call behind it was not sent. */
function failedLogin(result: CallResult): CallResult {
  if (result.verdict === 'refused' || result.verdict === 'unauthorized')
    return { ...result, verdict: 'unauthorized', evidence: 'B' };
  if (result.verdict === 'slow_down') return result;
  return { ...result, verdict: 'not_sent', evidence: 'A', reason: result.reason ?? 'the PMS did not let us log in' };
}

const UNREADABLE = Symbol('unreadable');

function parse(body: string): unknown {
  if (body.trim() === '') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return UNREADABLE;
  }
}
