import { Problem } from '#problem';
import { errorFields, type Logger } from '#service-kit';
import type { SyncMetrics } from '../metrics.ts';
import type { SyncRunRow } from '../store/sync-run.entity.ts';
import { PASSING, type PmsReader } from './pms-reader.ts';
import type { PromisedIds } from './promised-ids.ts';
import type { SyncRuns } from './sync-runs.ts';

/** An integration to read, and whose it is. */
export interface SyncTarget {
  readonly integration_id: string;
  readonly organization_id: string;
  readonly pms: string;
}

/** What the API calls a PMS, by its slug; undefined for one that this build does not know. */
export type VendorOf = (pms: string) => string | undefined;

/** Reads what is due of one integration from its PMS, one page at a time. The caller holds the integration's lock. */
export class IntegrationSync {
  constructor(
    private readonly runs: SyncRuns,
    private readonly reader: PmsReader,
    private readonly promised: PromisedIds,
    private readonly vendorOf: VendorOf,
    private readonly log: Logger,
    private readonly metrics: SyncMetrics,
  ) {}

  /**
   * Goes on where a former sync was cut short, then reads what is due, until nothing is. A model that can't be read does not keep the others
   * from being read; its run says why. True when nothing is due any more; false when the integration was dropped, or soon after `signal`
   * fired: the rest then stays planned.
   * @throws Problem when the PMS's worker can't even say which models there are.
   */
  async run(target: SyncTarget, signal: AbortSignal): Promise<boolean> {
    for (;;) {
      const runs = await this.runsOf(target, signal);
      if (runs.length === 0) return !signal.aborted;
      for (const run of runs) {
        if (signal.aborted || !(await this.runs.begin(run))) return false;
        try {
          if (!(await this.readModel(run, target, signal))) return false;
        } catch (error) {
          if (signal.aborted) return false;
          await this.fail(run, target, error);
        }
      }
    }
  }

  private async runsOf(target: SyncTarget, signal: AbortSignal): Promise<SyncRunRow[]> {
    const left = await this.runs.unfinished(target.integration_id);
    return left.length > 0 ? left : this.runs.plan(target, await this.reader.models(target.pms, signal));
  }

  /** False when the run is gone. */
  private async readModel(run: SyncRunRow, target: SyncTarget, signal: AbortSignal): Promise<boolean> {
    const { integration_id, pms } = target;
    const { model, changed_since } = run;
    const origin = { ...target, integration_vendor: this.vendorFor(pms), model };
    const since = changed_since == null ? {} : { changed_since: changed_since.toISOString() };
    let cursor = run.cursor ?? null;
    do {
      const place = { integration_id, model, ...since, ...(cursor === null ? {} : { cursor }) };
      const page = await this.reader.read(pms, place, signal);
      if (cursor !== null && page.next === cursor) throw Problem.unavailable('The PMS answered the same page twice.');
      await this.reader.patiently(() => this.promised.keep(origin, page.records), signal);
      if (!(await this.runs.storePage(run, origin, page))) return false;
      this.metrics.countPage(pms, page.records.length);
      cursor = page.next;
    } while (cursor !== null);
    this.log.info({ integrationId: integration_id, pms, model }, 'model synced');
    return true;
  }

  private vendorFor(pms: string): string {
    const vendor = this.vendorOf(pms);
    if (vendor === undefined) throw Problem.unavailable('This build of Latchkey does not know the PMS.');
    return vendor;
  }

  private async fail(run: SyncRunRow, target: SyncTarget, error: unknown): Promise<void> {
    const problem = Problem.from(error);
    this.metrics.countError(target.pms);
    await this.runs.fail(run, problem.detail, { mayPass: PASSING.has(problem.code) });
    const place = { integrationId: target.integration_id, pms: target.pms, model: run.model, code: problem.code };
    this.log.warn({ ...place, ...errorFields(problem.cause ?? problem) }, 'model not synced');
  }
}
