/**
 * The ledger as its promises have it: the life of a few writes of one integration, in a few lines, written from the architecture and apart from the
 * decisions. Whoever runs the same commands against it and against the real ledger must find the same rows. Knows no time: a moment is over
 * when a command says so.
 */

export type Life =
  | 'ACCEPTED'
  | 'RELEASED'
  | 'SENDING'
  | 'RETRY_WAIT'
  | 'HELD'
  | 'UNKNOWN'
  | 'RECONCILING'
  | 'SUCCEEDED'
  | 'PARTIAL'
  | 'FAILED'
  | 'NEEDS_REVIEW'
  | 'CANCELLED';

/** Every change of a state that may ever be seen. */
export const LEGAL: Readonly<Record<Life, readonly Life[]>> = {
  ACCEPTED: ['RELEASED', 'SUCCEEDED', 'PARTIAL', 'FAILED', 'CANCELLED'],
  RELEASED: ['SENDING', 'ACCEPTED', 'RETRY_WAIT', 'HELD', 'SUCCEEDED', 'PARTIAL', 'FAILED', 'CANCELLED'],
  SENDING: ['RELEASED', 'SUCCEEDED', 'PARTIAL', 'FAILED', 'RETRY_WAIT', 'HELD', 'UNKNOWN', 'NEEDS_REVIEW'],
  RETRY_WAIT: ['RELEASED', 'SUCCEEDED', 'PARTIAL', 'FAILED', 'CANCELLED'],
  HELD: ['ACCEPTED', 'SUCCEEDED', 'PARTIAL', 'FAILED', 'CANCELLED'],
  UNKNOWN: ['RECONCILING', 'SUCCEEDED', 'PARTIAL', 'FAILED', 'NEEDS_REVIEW'],
  RECONCILING: ['UNKNOWN', 'SUCCEEDED', 'PARTIAL', 'FAILED', 'RETRY_WAIT', 'NEEDS_REVIEW'],
  SUCCEEDED: [],
  PARTIAL: [],
  FAILED: ['ACCEPTED'],
  NEEDS_REVIEW: ['SUCCEEDED', 'PARTIAL', 'FAILED'],
  CANCELLED: [],
};
export const ENDS: readonly Life[] = ['SUCCEEDED', 'PARTIAL', 'FAILED', 'NEEDS_REVIEW', 'CANCELLED'];
const WAITING: readonly Life[] = ['ACCEPTED', 'RETRY_WAIT', 'HELD'];

/** How a worker says that its work ended. */
export const ENDINGS = [
  'succeeded',
  'failed',
  'retry',
  'pause',
  'hold',
  'doubt',
  'doubt for a person',
  'resume',
  'absent',
  'review',
] as const;
export type EndingKind = (typeof ENDINGS)[number];
/** `refused`: with a conflict, and nothing has changed. */
export type Reply = 'done' | 'refused' | 'nothing';

export class ModelWrite {
  state: Life = 'ACCEPTED';
  token = 0;
  release = 0;
  worker: string | null = null;
  readonly steps = new Map<string, 'sent' | 'done'>();
  /** A retry whose time has come. */
  isReady = false;
  crashes = 0;
  resends = 0;
  private doubtToken: number | null = null;
  private settledToken: number | null = null;

  constructor(private readonly gate: ModelGate) {}

  get isInDoubt(): boolean {
    return [...this.steps.values()].includes('sent');
  }
  private get isOut(): boolean {
    return this.state === 'RELEASED' || this.state === 'RECONCILING';
  }
  private holds(token: number): boolean {
    return this.worker !== null && token === this.token;
  }

  dispatched(): void {
    const waits = this.state === 'ACCEPTED' || (this.state === 'RETRY_WAIT' && this.isReady);
    if (waits && !this.gate.isShut) this.goOut('RELEASED');
  }

  claim(worker: string, release: number): Reply {
    if (!this.isOut || release !== this.release) return 'nothing';
    if (this.worker !== null) return this.worker === worker ? 'done' : 'nothing';
    if (this.gate.isShut) {
      this.become(this.state === 'RELEASED' ? 'ACCEPTED' : 'UNKNOWN');
      return 'nothing';
    }
    this.token += 1;
    this.worker = worker;
    return 'done';
  }

  /** `nothing`: not now. */
  sending(token: number, step: string): Reply {
    if (!this.holds(token)) return 'refused';
    if (this.gate.isShut) return 'nothing';
    const other = [...this.steps].some(([name, is]) => is === 'sent' && name !== step);
    if (this.state === 'RECONCILING' || other || this.steps.get(step) === 'done') return 'refused';
    this.state = 'SENDING';
    this.steps.set(step, 'sent');
    return 'done';
  }

  finished(token: number, step: string): Reply {
    if (!this.holds(token)) return 'refused';
    this.steps.set(step, 'done');
    return 'done';
  }

  settle(token: number, ending: EndingKind): Reply {
    if (!this.holds(token)) return this.settleLate(token, ending);
    const reply = this.state === 'RECONCILING' ? this.endLook(ending) : this.endWork(ending);
    if (reply === 'refused') return reply;
    this.settledToken = token;
    this.crashes = 0;
    if (ending === 'hold') this.gate.isHeld = true;
    if (ending === 'pause') this.gate.isPaused = true;
    return reply;
  }

  /** The worker was silent for its whole lease. */
  expire(): void {
    if (this.worker === null) return;
    const doubted = this.crash(Math.max(this.crashes, 1));
    // What may have been sent is looked for at once.
    if (doubted && !this.gate.isShut) this.goOut('RECONCILING');
  }

  blame(token: number): Reply {
    if (!this.holds(token)) return 'refused';
    this.crash(this.crashes + 1);
    return 'done';
  }

  /** Time to look, or to call a person. */
  look(isTooLate: boolean): void {
    if (this.state !== 'UNKNOWN') return;
    if (isTooLate) this.become('NEEDS_REVIEW');
    else if (!this.gate.isShut) this.goOut('RECONCILING');
  }

  unclaimed(): void {
    if (this.isOut && this.worker === null) this.release += 1;
  }

  tooOld(): void {
    if (WAITING.includes(this.state) || (this.state === 'RELEASED' && this.worker === null)) this.giveUp('FAILED');
  }

  cancel(): Reply {
    if (!WAITING.includes(this.state) && this.state !== 'RELEASED') return 'refused';
    this.giveUp('CANCELLED');
    return 'done';
  }

  retry(): Reply {
    if (this.state !== 'FAILED') return 'refused';
    this.become('ACCEPTED');
    this.crashes = this.resends = 0;
    this.doubtToken = this.settledToken = null;
    return 'done';
  }

  resolve(outcome: 'succeeded' | 'failed'): Reply {
    if (this.state !== 'NEEDS_REVIEW') return 'refused';
    if (outcome === 'succeeded') this.become('SUCCEEDED');
    else this.giveUp('FAILED');
    return 'done';
  }

  opened(): void {
    if (this.state === 'HELD') this.become('ACCEPTED');
  }

  private endWork(ending: EndingKind): Reply {
    switch (ending) {
      case 'succeeded':
        return this.succeed();
      case 'failed':
        return this.giveUp('FAILED');
      case 'retry':
      case 'pause':
        return this.again(false);
      case 'hold':
        this.forgetSent();
        return this.become('HELD');
      case 'resume':
        return this.isInDoubt ? 'refused' : this.again(true);
      case 'absent':
        return 'refused';
      default:
        if (!this.isInDoubt) return 'refused';
        this.doubtToken = this.token;
        return this.become(ending === 'doubt' ? 'UNKNOWN' : 'NEEDS_REVIEW');
    }
  }

  private endLook(ending: EndingKind): Reply {
    switch (ending) {
      case 'succeeded':
        return this.succeed();
      case 'failed':
        return this.giveUp('FAILED');
      case 'retry':
      case 'pause':
        return this.isInDoubt ? this.become('UNKNOWN') : this.again(false);
      case 'hold':
        return this.isInDoubt ? this.become('UNKNOWN') : this.again(true);
      case 'doubt':
        return this.become('UNKNOWN');
      case 'resume':
        return this.isInDoubt ? 'refused' : this.again(true);
      case 'absent':
        if (this.resends > 0) return this.become('NEEDS_REVIEW');
        this.resends += 1;
        return this.again(true);
      default:
        return this.become('NEEDS_REVIEW');
    }
  }

  /** Of a claim that is over only a certain answer to the very sending in doubt counts, and a repetition is answered as before. */
  private settleLate(token: number, ending: EndingKind): Reply {
    const isAsked = token === this.doubtToken;
    const isOpen = ['UNKNOWN', 'RECONCILING', 'NEEDS_REVIEW'].includes(this.state);
    const isUnsent = WAITING.includes(this.state) || this.state === 'RELEASED';
    if (isAsked && ((ending === 'succeeded' && (isOpen || isUnsent)) || (ending === 'failed' && isOpen))) {
      if (ending === 'succeeded') this.succeed();
      else this.giveUp('FAILED');
      this.settledToken = token;
      return 'done';
    }
    return token === this.settledToken ? 'done' : 'refused';
  }

  /** @returns whether it is unknown now what it did */
  private crash(crashes: number): boolean {
    this.crashes = crashes;
    if (this.state === 'RECONCILING') {
      if (!this.isInDoubt) this.again(true);
      else this.become(crashes >= 3 ? 'NEEDS_REVIEW' : 'UNKNOWN');
      return false;
    }
    if (this.isInDoubt) {
      this.doubtToken = this.token;
      this.become('UNKNOWN');
      return true;
    }
    if (crashes >= 3) this.giveUp('FAILED');
    else this.goOut('RELEASED');
    return false;
  }

  private succeed(): Reply {
    for (const step of this.steps.keys()) this.steps.set(step, 'done');
    return this.become('SUCCEEDED');
  }

  private giveUp(otherwise: 'FAILED' | 'CANCELLED'): Reply {
    this.forgetSent();
    return this.become(this.steps.size > 0 ? 'PARTIAL' : otherwise);
  }

  private again(isReady: boolean): Reply {
    this.forgetSent();
    this.become('RETRY_WAIT');
    this.isReady = isReady;
    return 'done';
  }

  private forgetSent(): void {
    for (const [name, is] of this.steps) if (is === 'sent') this.steps.delete(name);
  }

  private goOut(state: 'RELEASED' | 'RECONCILING'): void {
    this.become(state);
    this.release += 1;
  }

  private become(state: Life): Reply {
    this.state = state;
    this.worker = null;
    this.isReady = false;
    return 'done';
  }
}

/** Whether the integration may be used. */
export class ModelGate {
  isHeld = false;
  isPaused = false;

  get isShut(): boolean {
    return this.isHeld || this.isPaused;
  }
}

export class ModelLedger {
  readonly gate = new ModelGate();
  readonly writes: ModelWrite[] = [];

  open(): void {
    this.writes.push(new ModelWrite(this.gate));
  }

  dispatch(): void {
    for (const write of this.writes) write.dispatched();
  }
}
