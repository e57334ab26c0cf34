import { listActiveIntegrations, type IntegrationSummary, type MessageBus, type StartSync } from '#messaging';
import { errorFields, type Logger } from '#service-kit';
import type { IntegrationSync, SyncTarget } from './integration-sync.ts';
import type { SyncLock } from './sync-lock.ts';
import type { SyncPlans } from './sync-plans.ts';

const MINUTE_MS = 60_000;
/** More integrations than are read at the same time: those that another process reads are due as well, until they are read. */
const LOOKED_AT = 1_000;

export interface ScheduleOptions {
  /** How often the directory is asked which integrations there are. Changes of settings are told at once. @default one minute */
  readonly listMs?: number;
  /** How often to look for what is due. @default 2000 */
  readonly lookMs?: number;
  /** How soon to try again when the list of integrations, or of a PMS's models, could not be had. @default 5000 and 60000 */
  readonly retryMs?: number;
  /** Integrations read at the same time by this process; each keeps a database connection. @default 4 */
  readonly concurrency?: number;
}

/**
 * Sees to it that integrations are read when they are due, as `SyncPlans` knows it. Each replica does the same; the lock decides who reads.
 *
 * Of an integration: idle -> waiting (for its turn) -> reading -> idle.
 * Of the schedule: started -> (stop) stopping, where readings end at once and can go on later -> stopped.
 */
export class SyncSchedule {
  private readonly waiting = new Map<string, SyncTarget>();
  private readonly reading = new Map<string, { readonly cancel: AbortController; readonly done: Promise<void> }>();
  private readonly stopping = new AbortController();
  private readonly options: Required<Omit<ScheduleOptions, 'retryMs'>> & { readonly retryMs: number | undefined };
  private timer: NodeJS.Timeout | undefined;
  private look: Promise<void> = Promise.resolve();
  private listAt = 0;

  constructor(
    private readonly bus: MessageBus,
    private readonly lock: SyncLock,
    private readonly plans: SyncPlans,
    private readonly sync: IntegrationSync,
    private readonly log: Logger,
    options: ScheduleOptions = {},
  ) {
    this.options = { listMs: MINUTE_MS, lookMs: 2_000, concurrency: 4, retryMs: undefined, ...options };
  }

  start(): void {
    this.look = this.lookAround();
  }

  /** Stores what is wished for and begins as soon as it can. False when an earlier wish still waits or is under way. */
  async request({ integration, trigger, models }: StartSync): Promise<boolean> {
    const stored = await this.plans.wish(integration, { trigger, models });
    const { id: integration_id, organization_id, pms } = integration;
    if (stored) this.enqueue({ integration_id, organization_id, pms });
    return stored;
  }

  /** The present settings of an integration. */
  async keep(integration: IntegrationSummary): Promise<void> {
    await this.plans.keep(integration);
    // What is switched off must not go on being read.
    if (!integration.active) await this.cancel(integration.id);
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
    await this.look;
    await Promise.all([...this.reading.values()].map(({ done }) => done));
  }

  private async lookAround(): Promise<void> {
    await this.list();
    try {
      for (const target of await this.plans.due(LOOKED_AT)) this.enqueue(target);
    } catch (error) {
      this.log.warn(errorFields(error), 'due syncs unknown');
    }
    if (this.stopping.signal.aborted) return;
    this.timer = setTimeout(() => (this.look = this.lookAround()), this.options.lookMs);
  }

  private async list(): Promise<void> {
    if (performance.now() < this.listAt) return;
    let nextMs = this.options.listMs;
    try {
      await this.plans.keepAll(await this.bus.request(listActiveIntegrations, {}));
    } catch (error) {
      nextMs = this.options.retryMs ?? 5_000;
      this.log.warn({ ...errorFields(error), delayMs: nextMs }, 'integrations unknown, asking again');
    }
    this.listAt = performance.now() + nextMs;
  }

  private enqueue(target: SyncTarget): void {
    const { integration_id } = target;
    if (this.stopping.signal.aborted || this.waiting.has(integration_id) || this.reading.has(integration_id)) return;
    this.waiting.set(integration_id, target);
    this.startNext();
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

  private async read({ integration_id, organization_id, pms }: SyncTarget, signal: AbortSignal): Promise<void> {
    const place = { integrationId: integration_id, pms };
    const startedAt = performance.now();
    try {
      const held = await this.lock.whileHeld(integration_id, async () => {
        if (await this.sync.run({ integration_id, organization_id, pms }, signal)) await this.plans.rest(integration_id);
      });
      if (held) this.log.info({ ...place, durationMs: Math.round(performance.now() - startedAt) }, 'sync ended');
    } catch (error) {
      if (signal.aborted) return;
      this.log.warn({ ...place, ...errorFields(error) }, 'sync failed');
      await this.plans
        .postpone(integration_id, new Date(Date.now() + (this.options.retryMs ?? MINUTE_MS)))
        .catch((failure: unknown) => this.log.warn({ ...place, ...errorFields(failure) }, 'sync not postponed'));
    }
  }
}
