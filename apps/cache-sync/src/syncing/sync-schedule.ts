import { listActiveIntegrations, type MessageBus } from '#messaging';
import { errorFields, type Logger } from '#service-kit';
import type { IntegrationSync, SyncTarget } from './integration-sync.ts';
import type { SyncLock } from './sync-lock.ts';

const HOUR_MS = 3_600_000;

export interface ScheduleOptions {
  /** Time from one round over all integrations to the next. @default 12 hours */
  readonly everyMs?: number;
  /** How soon to ask again when the list of integrations could not be had. @default 5000 */
  readonly retryMs?: number;
  /** Integrations read at the same time by this process; each keeps a database connection. @default 4 */
  readonly concurrency?: number;
}

/**
 * Decides which integration is read when: all of them when the service starts and every twelve hours, and one when somebody asks for it.
 *
 * Of an integration: idle -> waiting (for its turn) -> reading -> idle. Asking again while it waits or is read changes nothing.
 * Of the schedule: started -> (stop) stopping, where readings end at once and can go on later -> stopped.
 */
export class SyncSchedule {
  private readonly waiting = new Map<string, SyncTarget>();
  private readonly reading = new Map<string, { readonly cancel: AbortController; readonly done: Promise<void> }>();
  private readonly stopping = new AbortController();
  private readonly options: Required<ScheduleOptions>;
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();

  constructor(
    private readonly bus: MessageBus,
    private readonly lock: SyncLock,
    private readonly sync: IntegrationSync,
    private readonly log: Logger,
    options: ScheduleOptions = {},
  ) {
    this.options = { everyMs: 12 * HOUR_MS, retryMs: 5_000, concurrency: 4, ...options };
  }

  start(): void {
    this.round = this.enqueueAll();
  }

  /** Puts an integration in line. False when it waits or is read already, here or in another process. */
  async request(target: SyncTarget): Promise<boolean> {
    if (this.isKnown(target.integration_id) || (await this.lock.isHeld(target.integration_id))) return false;
    return this.enqueue(target);
  }

  /** Ends the reading of an integration that is going away; nothing of it is stored once this has returned. */
  async cancel(integrationId: string): Promise<void> {
    this.waiting.delete(integrationId);
    const reading = this.reading.get(integrationId);
    reading?.cancel.abort();
    await reading?.done;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.timer);
    this.waiting.clear();
    await this.round;
    await Promise.all([...this.reading.values()].map(({ done }) => done));
  }

  private async enqueueAll(): Promise<void> {
    let nextMs = this.options.everyMs;
    try {
      for (const { id, organization_id, pms, active } of await this.bus.request(listActiveIntegrations, {})) {
        if (active) this.enqueue({ integration_id: id, organization_id, pms });
      }
    } catch (error) {
      nextMs = this.options.retryMs;
      this.log.warn({ ...errorFields(error), delayMs: nextMs }, 'integrations unknown, asking again');
    }
    if (this.stopping.signal.aborted) return;
    this.timer = setTimeout(() => (this.round = this.enqueueAll()), nextMs);
  }

  private isKnown(integrationId: string): boolean {
    return this.waiting.has(integrationId) || this.reading.has(integrationId);
  }

  private enqueue(target: SyncTarget): boolean {
    if (this.stopping.signal.aborted || this.isKnown(target.integration_id)) return false;
    this.waiting.set(target.integration_id, target);
    this.startNext();
    return true;
  }

  private startNext(): void {
    const [next] = this.waiting.values();
    if (!next || this.reading.size >= this.options.concurrency) return;
    this.waiting.delete(next.integration_id);
    const cancel = new AbortController();
    const done = this.read(next, AbortSignal.any([cancel.signal, this.stopping.signal])).finally(() => {
      this.reading.delete(next.integration_id);
      this.startNext();
    });
    this.reading.set(next.integration_id, { cancel, done });
  }

  private async read(target: SyncTarget, signal: AbortSignal): Promise<void> {
    const place = { integrationId: target.integration_id, pms: target.pms };
    const startedAt = Date.now();
    try {
      const held = await this.lock.whileHeld(target.integration_id, () => this.sync.run(target, signal));
      this.log.info({ ...place, durationMs: Date.now() - startedAt }, held ? 'sync ended' : 'sync left to another process');
    } catch (error) {
      if (!signal.aborted) this.log.warn({ ...place, ...errorFields(error) }, 'sync failed');
    }
  }
}
