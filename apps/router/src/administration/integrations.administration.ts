import { Inject, Injectable } from '@nestjs/common';
import { assertNoQuery, faultyFlag, listAnswer, PAGING, parseBody, parseListQuery } from '#administration';
import type { PmsDefinition } from '#capabilities';
import { newId, dropIntegration, gateIntegration, MessageBus, type AdminRequest, type WireAnswer } from '#messaging';
import { Problem, type Issue } from '#problem';
import type { Catalog } from '#service-kit';
import { CATALOG, findPms } from '../catalog.ts';
import { IntegrationsLookup } from '../integrations.lookup.ts';
import type { IntegrationRow } from '../store/integration.entity.ts';
import { assertKept, IntegrationsRepository, type IntegrationChange } from '../store/integrations.repository.ts';
import { faultOfBaseUrl } from './base-url.ts';
import { ConnectionCheck } from './connection-check.ts';
import { faultsOfCredentials, givenCredentials } from './credentials.ts';
import { EGRESS_ALLOW } from './egress.ts';
import { DEFAULT_SETTINGS, IntegrationBody, settingsAfter } from './integration-body.ts';
import { CONNECTION_FLAG, dataAccessView, integrationView } from './integration-view.ts';
import { SyncAdministration } from './sync.administration.ts';
import { faultsOfWeek } from './week-schedule.ts';

const SWITCHED_OFF = 'The integration is switched off.';
const DELETED = 'The integration was deleted.';
const LISTED = {
  filters: ['integration_vendor', 'is_archived'],
  orderable: ['created_at', 'updated_at', 'name', 'vendor'],
} as const;

/**
 * The life of integrations, over the API. Credentials are tried out at the PMS before anything is stored, and stored only as the worker
 * sealed them.
 */
@Injectable()
export class IntegrationsAdministration {
  constructor(
    @Inject(CATALOG) private readonly catalog: Catalog,
    @Inject(EGRESS_ALLOW) private readonly egressAllow: readonly string[],
    private readonly integrations: IntegrationsRepository,
    private readonly lookup: IntegrationsLookup,
    private readonly check: ConnectionCheck,
    private readonly sync: SyncAdministration,
    private readonly bus: MessageBus,
  ) {}

  async create({ principal, body, query }: AdminRequest): Promise<WireAnswer> {
    assertNoQuery(query);
    const sent = parseBody('integration', IntegrationBody, body, (found) => this.faultsOfNew(found));
    const pms = this.pmsOf(sent);
    const now = new Date();
    const row: IntegrationRow = {
      id: newId(),
      organization_id: principal.organization_id,
      vendor: pms.vendor,
      slug: pms.slug,
      name: sent.name ?? null,
      active: sent.active ?? true,
      system: sent.system ?? 'PRODUCTION',
      base_url: sent.base_url ?? null,
      refresh_after_write: sent.refresh_after_write ?? true,
      settings: settingsAfter(DEFAULT_SETTINGS, sent),
      created_at: now,
      updated_at: now,
      archived_at: null,
      version: 1,
      checked_at: now,
      check_error: null,
      check_started_at: null,
    };
    const sealed = await this.check.tryOut(row, givenCredentials(sent.credentials ?? {}), 1);
    if (!sealed) throw new Error('no sealed credentials to store');
    await this.integrations.insert(row, sealed);
    if (row.active) await this.sync.soon(row);
    return { status: 200, body: { result: { ...integrationView(row), ping_results: { [CONNECTION_FLAG]: 'SUCCESS' } } } };
  }

  async list({ principal, query }: AdminRequest): Promise<WireAnswer> {
    const asked = parseListQuery(query, LISTED);
    const { integration_vendor: vendor, is_archived = 'false' } = asked.filters;
    if (is_archived !== 'true' && is_archived !== 'false') {
      throw Problem.invalid([faultyFlag('is_archived')]);
    }
    const filter = {
      ...(vendor === undefined ? {} : { vendor: findPms(this.catalog, vendor)?.vendor ?? vendor }),
      includeArchived: is_archived === 'true',
    };
    const orderBy = { [asked.orderBy.field]: asked.orderBy.direction };
    const { rows, total } = await this.integrations.list(principal.organization_id, filter, asked.page, orderBy);
    return { status: 200, body: listAnswer(asked, rows.map(integrationView), total) };
  }

  /** Also with the parameters of lists, which published clients send along and which mean nothing here. */
  async read(request: AdminRequest): Promise<WireAnswer> {
    assertNoQuery(request.query, PAGING);
    const row = await this.own(request);
    return {
      status: 200,
      body: { meta: { offset: 0, limit: 1, orderBy: [], hasMore: false, total: 1 }, results: integrationView(row) },
    };
  }

  async update(request: AdminRequest): Promise<WireAnswer> {
    assertNoQuery(request.query);
    const row = await this.usable(request);
    const sent = parseBody('integration', IntegrationBody, request.body, (found) => this.faultsOfChange(row, found));
    const change: IntegrationChange = {
      ...(sent.name === undefined ? {} : { name: sent.name }),
      ...(sent.active === undefined ? {} : { active: sent.active }),
      ...(sent.system === undefined ? {} : { system: sent.system }),
      ...(sent.base_url === undefined ? {} : { base_url: sent.base_url }),
      ...(sent.refresh_after_write === undefined ? {} : { refresh_after_write: sent.refresh_after_write }),
      settings: settingsAfter(row.settings, sent),
    };
    const reconnects = sent.credentials !== undefined || sent.base_url !== undefined;
    const sealed = reconnects ? await this.reconnect({ ...row, ...change }, sent) : null;
    const checked = reconnects ? { checked_at: new Date(), check_error: null } : {};
    const changed = await this.integrations.change(row, { ...change, ...checked }, sealed ?? undefined);
    this.lookup.forget(row.id);
    // Told on each such request, also when nothing changed: so repeating one whose answer was lost sets it right.
    if (reconnects || sent.active !== undefined) await this.gate(changed.id, changed.active ? null : SWITCHED_OFF);
    await this.sync.settingsChanged(changed);
    const ping = reconnects ? { ping_results: { [CONNECTION_FLAG]: 'SUCCESS' } } : {};
    return { status: 200, body: { result: { ...integrationView(changed), ...ping } } };
  }

  /** Deleting again repeats what follows from it, so that a request whose answer was lost can be repeated. */
  async delete(request: AdminRequest): Promise<WireAnswer> {
    assertNoQuery(request.query);
    const row = await this.own(request);
    if (!row.archived_at) await this.integrations.archive(row);
    this.lookup.forget(row.id);
    await this.gate(row.id, DELETED);
    await this.bus.request(dropIntegration, { integration_id: row.id });
    return { status: 200, body: { success: true } };
  }

  async startDataAccess(request: AdminRequest): Promise<WireAnswer> {
    assertNoQuery(request.query);
    const row = await this.usable(request);
    return { status: 200, body: { result: { began_data_access: await this.check.begin(row) } } };
  }

  async readDataAccess(request: AdminRequest): Promise<WireAnswer> {
    assertNoQuery(request.query);
    return { status: 200, body: { result: dataAccessView(await this.own(request), new Date()) } };
  }

  private own({ principal, params }: AdminRequest): Promise<IntegrationRow> {
    return this.integrations.own(principal.organization_id, params.integration_id ?? '');
  }

  private async usable(request: AdminRequest): Promise<IntegrationRow> {
    return assertKept(await this.own(request));
  }

  /** Tries out new credentials, or the stored ones at a new address. */
  private async reconnect(row: IntegrationRow, { credentials }: Partial<IntegrationBody>) {
    const version = await this.integrations.credentialVersion(row.id);
    if (credentials === undefined) return this.check.tryOut(row, null, version);
    return this.check.tryOut(row, givenCredentials(credentials), version + 1);
  }

  private gate(integration_id: string, held: string | null): Promise<unknown> {
    return this.bus.request(gateIntegration, { integration_id, held });
  }

  private pmsOf({ integration_vendor }: Partial<IntegrationBody>): PmsDefinition {
    const pms = integration_vendor === undefined ? undefined : findPms(this.catalog, integration_vendor);
    if (!pms) throw Problem.invalid([this.unknownVendor()]);
    return pms;
  }

  private unknownVendor(): Issue {
    const known = this.catalog.list.map(({ vendor }) => vendor).join(', ');
    return { pointer: '/integration_vendor', code: 'invalid_enum_value', detail: `integration_vendor must be one of ${known}.` };
  }

  private faultsOfNew(sent: Partial<IntegrationBody>): Issue[] {
    const pms = sent.integration_vendor === undefined ? undefined : findPms(this.catalog, sent.integration_vendor);
    const vendor = pms ? [] : [this.unknownVendor()];
    return [
      ...vendor,
      ...this.faultsOfAddress(sent),
      ...faultsOfWeek(sent),
      ...(pms ? faultsOfCredentials(pms, sent.credentials ?? {}) : []),
    ];
  }

  private faultsOfChange(row: IntegrationRow, sent: Partial<IntegrationBody>): Issue[] {
    const pms = findPms(this.catalog, row.vendor);
    const named = sent.integration_vendor;
    const other = named !== undefined && findPms(this.catalog, named)?.vendor !== row.vendor;
    const detail = `The integration is one of ${row.vendor}, and stays so.`;
    const vendor: Issue[] = other ? [{ pointer: '/integration_vendor', code: 'conflict', detail }] : [];
    const credentials = pms && sent.credentials !== undefined ? faultsOfCredentials(pms, sent.credentials) : [];
    return [...vendor, ...this.faultsOfAddress(sent), ...faultsOfWeek(sent, row.settings), ...credentials];
  }

  private faultsOfAddress({ base_url }: Partial<IntegrationBody>): Issue[] {
    const fault = base_url === undefined ? undefined : faultOfBaseUrl(base_url, this.egressAllow);
    return fault === undefined ? [] : [{ pointer: '/base_url', code: 'invalid_value', detail: `base_url ${fault}` }];
  }
}
