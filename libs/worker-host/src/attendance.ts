import type { PmsDefinition } from '#capabilities';
import { attachWorker, type Attached, type MessageBus } from '#messaging';
import { Problem } from '#problem';
import type { Neighbourhood } from './neighbourhood.ts';

const ATTACH_RETRY_MS = 500;
/** The ledger takes a process for gone that was silent three times as long. In milliseconds. */
const EVERY_MS = 5_000;

/**
 * This process's presence among the workers of its PMS: announced before it works, repeated as long as it lives, taken back when it stops.
 *
 * A sign that gets lost is made up for by the next; a process that can't give any is divided among no more, and goes on with the share it had.
 */
export class Attendance {
  private timer: NodeJS.Timeout | undefined;
  private sign: Promise<unknown> = Promise.resolve();
  private isOver = false;

  constructor(
    private readonly pms: PmsDefinition,
    private readonly bus: MessageBus,
    private readonly neighbours: Neighbourhood,
    private readonly maxInFlight: number,
  ) {}

  /** Waits until the ledger is there: workers may start before it. Resolves to where the jobs are. */
  async begin(): Promise<Attached> {
    for (;;) {
      try {
        const attached = await this.attend();
        this.goOn();
        return attached;
      } catch (error) {
        if (Problem.from(error).code !== 'unavailable') throw error;
        await new Promise((resolve) => setTimeout(resolve, ATTACH_RETRY_MS));
      }
    }
  }

  /** The others may take this process's share. */
  async end(): Promise<void> {
    this.isOver = true;
    clearTimeout(this.timer);
    this.neighbours.stop();
    await this.sign;
    // Best effort: whoever does not hear of it counts this process out a little later.
    await this.attend(true).catch(() => {});
  }

  private goOn(): void {
    if (this.isOver) return;
    this.timer = setTimeout(() => {
      this.sign = this.attend()
        .catch(() => {})
        .finally(() => this.goOn());
    }, EVERY_MS);
    this.timer.unref();
  }

  private async attend(leaving = false): Promise<Attached> {
    const { limits, slug } = this.pms;
    const sign = { max_in_flight: this.maxInFlight, concurrent: limits.concurrent, replica: this.neighbours.name, leaving };
    const attached = await this.bus.request(attachWorker, sign, { pms: slug });
    if (attached.circumstances && !leaving) this.neighbours.learn(attached.circumstances);
    return attached;
  }
}
