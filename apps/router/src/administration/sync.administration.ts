import { Inject, Injectable } from '@nestjs/common';
import type { PmsDefinition } from '#capabilities';
import {
  listJobSchedules,
  MessageBus,
  readJobSchedule,
  scheduleSync,
  startSync,
  type AdminRequest,
  type SyncTrigger,
  type WireAnswer,
} from '#messaging';
import { assertNoQuery, PAGING, parseBody } from '#administration';
import { TextList } from '#models';
import { Problem, type Issue } from '#problem';
import type { Catalog } from '#service-kit';
import { CATALOG, findPms } from '../catalog.ts';
import { summaryOf } from '../connections/summary.ts';
import type { IntegrationRow } from '../store/integration.entity.ts';
import { assertKept, IntegrationsRepository } from '../store/integrations.repository.ts';

/** What a caller may say about a sync that is asked for. */
export class SyncBody {
  @TextList({
    description:
      'The models to read, as their paths or with underscores; what they refer to is read along, so that references lead somewhere. All of them unless it is set.',
    example: ['model'],
  })
  models_to_sync!: readonly string[];
}

/** Syncs, as far as a caller may steer them: which integration it is and what its PMS can list is known here, the rest to cache-sync. */
@Injectable()
export class SyncAdministration {
  constructor(
    @Inject(CATALOG) private readonly catalog: Catalog,
    private readonly integrations: IntegrationsRepository,
    private readonly bus: MessageBus,
  ) {}

  /** The integration is stored: whether its first sync begins now or at its time must not fail the request. */
  async soon(row: IntegrationRow): Promise<void> {
    const ask = { integration: summaryOf(row), trigger: 'SCHEDULE', models: null } as const;
    await this.bus.request(startSync, ask).catch(() => undefined);
  }

  /** Likewise: cache-sync looks for changes by itself, a little later. */
  async settingsChanged(row: IntegrationRow): Promise<void> {
    await this.bus.request(scheduleSync, summaryOf(row)).catch(() => undefined);
  }

  manualSync(request: AdminRequest): Promise<WireAnswer> {
    return this.start(request, 'MANUAL');
  }

  backSync(request: AdminRequest): Promise<WireAnswer> {
    return this.start(request, 'BACK_SYNC');
  }

  async listSchedules(request: AdminRequest): Promise<WireAnswer> {
    const integration = summaryOf(await this.own(request));
    return { status: 200, body: await this.bus.request(listJobSchedules, { integration, query: request.query }) };
  }

  async readSchedule(request: AdminRequest): Promise<WireAnswer> {
    assertNoQuery(request.query, PAGING);
    const integration = summaryOf(await this.own(request));
    const id = request.params.job_schedule_id ?? '';
    const results = await this.bus.request(readJobSchedule, { integration, id });
    return { status: 200, body: { meta: { offset: 0, limit: 1, orderBy: [], hasMore: false, total: 1 }, results } };
  }

  private async start(request: AdminRequest, trigger: SyncTrigger): Promise<WireAnswer> {
    assertNoQuery(request.query);
    const row = assertKept(await this.own(request));
    const pms = findPms(this.catalog, row.vendor);
    const sent = parseBody('sync', SyncBody, request.body ?? {}, (found) => faultsOfModels(this.catalog, pms, found));
    if (!row.active) throw new Problem('conflict', 'The integration is switched off. Set its "active" to true to sync it.');
    const models = sent.models_to_sync && pms ? withReferences(pms, sent.models_to_sync.map(pathOf)) : null;
    const { started } = await this.bus.request(startSync, { integration: summaryOf(row), trigger, models });
    return { status: 200, body: { result: { success: started } } };
  }

  private own({ principal, params }: AdminRequest): Promise<IntegrationRow> {
    return this.integrations.own(principal.organization_id, params.integration_id ?? '');
  }
}

/** Published names have underscores where paths have hyphens. */
const pathOf = (name: string): string => name.replaceAll('_', '-');

function isListed(pms: PmsDefinition, model: string): boolean {
  const capability = pms.capabilities.get(model);
  return capability !== undefined && !('lacks' in capability.reads);
}

function faultsOfModels(
  catalog: Catalog,
  pms: PmsDefinition | undefined,
  { models_to_sync: models }: Partial<SyncBody>,
): Issue[] {
  if (models?.length === 0) {
    const detail = 'models_to_sync must name a model, or be left out for all of them.';
    return [{ pointer: '/models_to_sync', code: 'too_short', detail }];
  }
  return (models ?? []).flatMap((name, nth): Issue[] => {
    const pointer = `/models_to_sync/${nth}`;
    if (!catalog.models.has(pathOf(name)))
      return [{ pointer, code: 'unknown_reference', detail: `There is no model ${name.slice(0, 80)}.` }];
    if (!pms || isListed(pms, pathOf(name))) return [];
    const reads = pms.capabilities.get(pathOf(name))?.reads;
    const because = reads && 'lacks' in reads ? ` ${reads.lacks}` : '';
    return [{ pointer, code: 'unknown_reference', detail: `${pms.title} can't list ${name}.${because}` }];
  });
}

/** The models, and those that their records name, as far as the PMS can list them. */
function withReferences(pms: PmsDefinition, models: readonly string[]): string[] {
  const named = models.flatMap((path) => {
    const fields = pms.capabilities.get(path)?.model.fields.values() ?? [];
    return [...fields].flatMap(({ refersTo }) => (refersTo !== undefined && isListed(pms, refersTo) ? [refersTo] : []));
  });
  return [...new Set([...models, ...named])];
}
