import { setTimeout as pause } from 'node:timers/promises';
import { readableModels, readPage, type MessageBus, type PageOfCopies, type ReadableModel, type ReadPage } from '#messaging';
import { Problem, type ProblemCode } from '#problem';

/** How long to wait before each further try, in milliseconds. */
const PATIENCE_MS: readonly number[] = [1_000, 5_000, 20_000, 60_000];
const LONGEST_PAUSE_MS = 300_000;

/** Problems that may pass. Any other is the PMS's answer, and asking again would not change it. */
export const PASSING: ReadonlySet<ProblemCode> = new Set(['unavailable', 'rate_limited', 'internal']);

/** Reads from a PMS by way of its worker. */
export class PmsReader {
  constructor(
    private readonly bus: MessageBus,
    private readonly patienceMs = PATIENCE_MS,
  ) {}

  /** One try, for those who come back by themselves. @throws Problem, see the contract; AbortError once `signal` fires. */
  readOnce(pms: string, request: ReadPage, signal: AbortSignal): Promise<PageOfCopies> {
    return unlessAborted(this.bus.request(readPage, request, { pms }), signal);
  }

  /** Tries again while the problem may pass, at least as late as the PMS says. @throws the last Problem; AbortError once `signal` fires. */
  read(pms: string, request: ReadPage, signal: AbortSignal): Promise<PageOfCopies> {
    return this.patiently(() => this.readOnce(pms, request, signal), signal);
  }

  /** The models that the PMS can list, in the order to read them. Tries again like `read`. */
  models(pms: string, signal: AbortSignal): Promise<readonly ReadableModel[]> {
    return this.patiently(() => unlessAborted(this.bus.request(readableModels, {}, { pms }), signal), signal);
  }

  /** For whatever else a reading needs: tries again like `read`. */
  async patiently<Answer>(ask: () => Promise<Answer>, signal: AbortSignal): Promise<Answer> {
    for (const waitMs of this.patienceMs) {
      signal.throwIfAborted();
      try {
        return await ask();
      } catch (error) {
        signal.throwIfAborted();
        const { code, retryAfterSeconds = 0 } = Problem.from(error);
        if (!PASSING.has(code)) throw error;
        await pause(Math.min(Math.max(waitMs, retryAfterSeconds * 1_000), LONGEST_PAUSE_MS), undefined, { signal });
      }
    }
    signal.throwIfAborted();
    return ask();
  }
}

/** A reading may take longer than a shutdown may wait; nothing is lost when its answer comes too late. */
function unlessAborted<Answer>(answer: Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    void answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
