import { Inject, Injectable } from '@nestjs/common';
import { invalid } from '#administration';
import type { PmsDefinition } from '#capabilities';
import type { WriteRequest } from '#messaging';
import { checkShape, type ModelSpec } from '#models';
import { Problem, type Issue } from '#problem';
import type { Catalog } from '#service-kit';
import { CATALOG, childModelNamed, modelNamed, pmsNamed } from '../catalog.ts';
import { IntegrationsLookup } from '../integrations.lookup.ts';
import type { IntegrationRow } from '../store/integration.entity.ts';
import { ownIdNames, withoutRepetitions } from './own-fields.ts';
import { RecordLocator, type Located } from './record-locator.ts';

/** Where a write goes: found, but the payload not judged yet. */
export interface WritePlace {
  readonly model: ModelSpec;
  readonly integration: IntegrationRow;
  readonly pms: PmsDefinition;
  /** The record that an update changes; null on a create. */
  readonly record: Located | null;
  /** The payload without what it says about the write itself. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** What is wrong with what it says about the write itself. */
  readonly issues: readonly Issue[];
  /** Records that had to be found on the way. */
  readonly located: ReadonlyMap<string, Located>;
}

/**
 * Finds where a write goes. The integration of a create stands in its body; that of an update, or of a create under another record,
 * follows from the record in the path.
 */
@Injectable()
export class WritePlaces {
  constructor(
    @Inject(CATALOG) private readonly catalog: Catalog,
    private readonly integrations: IntegrationsLookup,
    private readonly records: RecordLocator,
  ) {}

  /**
   * @throws Problem `not_found` for an unknown model, PMS, integration or record, and for another organization's; `conflict` for an
   *   integration that is switched off; `invalid_request` when the path names another PMS than the record's.
   */
  async find(request: WriteRequest): Promise<WritePlace> {
    const model = this.modelOf(request);
    const named = request.vendor === undefined ? undefined : pmsNamed(this.catalog, request.vendor);
    const place =
      request.id === undefined ? await this.ofCreate(request, model) : await this.ofRecord(request, model, request.id);
    if (named && named.vendor !== place.integration.vendor) {
      const detail = `This path is for ${named.vendor}, but the integration ${place.integration.id} is one of ${place.integration.vendor}.`;
      throw Problem.invalid([{ pointer: '', code: 'conflict', detail }]);
    }
    return place;
  }

  private modelOf({ model, child }: WriteRequest): ModelSpec {
    if (child === undefined) return modelNamed(this.catalog, model);
    modelNamed(this.catalog, model);
    return childModelNamed(this.catalog, model, child);
  }

  private async ofCreate({ principal, payload: sent }: WriteRequest, model: ModelSpec): Promise<WritePlace> {
    const { integration_id: id, ...payload } = sent;
    if (typeof id !== 'string') {
      const code = id === undefined || id === null ? 'required' : 'invalid_type';
      const detail = 'integration_id must say, as a text, in which integration the record is created.';
      // What else is wrong is told as far as it can be without knowing the PMS.
      throw invalid([{ pointer: '/integration_id', code, detail }, ...checkShape(model, payload).issues]);
    }
    const integration = await this.integrations.findUsable(principal.organization_id, id);
    return { model, integration, pms: this.pmsOf(integration), record: null, payload, issues: [], located: new Map() };
  }

  private async ofRecord(request: WriteRequest, model: ModelSpec, id: string): Promise<WritePlace> {
    const { principal, child } = request;
    const named = modelNamed(this.catalog, request.model);
    const located = await this.records.locate(principal.organization_id, [id]);
    const record = located.get(id);
    if (!record || record.model !== named.path) throw Problem.notFound(named.title);
    if (record.failed) {
      throw new Problem('conflict', `The ${named.title} ${id} was not created: the write ${record.created_by} failed.`);
    }
    const integration = await this.integrations.findUsable(principal.organization_id, record.integration_id);
    const parentField = child === undefined ? undefined : model.parent?.field;
    const said = [...(parentField === undefined ? ownIdNames(model) : [parentField])].map((name) => [name, id] as const);
    const routed = withoutRepetitions(request.payload, { integration_id: integration.id, ...Object.fromEntries(said) });
    return {
      model,
      integration,
      pms: this.pmsOf(integration),
      record: parentField === undefined ? record : null,
      payload: parentField === undefined ? routed.payload : { ...routed.payload, [parentField]: id },
      issues: routed.issues,
      located,
    };
  }

  private pmsOf({ id, vendor }: IntegrationRow): PmsDefinition {
    const pms = this.catalog.byVendor(vendor);
    if (!pms)
      throw Problem.unavailable(`The integration ${id} is one of ${vendor}, which this version of Latchkey does not speak.`, 60);
    return pms;
  }
}
