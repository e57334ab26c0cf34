import { Inject, Injectable } from '@nestjs/common';
import { assertNoQuery, faultyFlag, invalid, isObject } from '#administration';
import {
  checkWrite,
  describeOperation,
  jsonSchemaOf,
  supportMatrix,
  type OperationName,
  type PmsDefinition,
} from '#capabilities';
import { newId, type AdminRequest, type WireAnswer } from '#messaging';
import type { ModelSpec } from '#models';
import { Problem } from '#problem';
import type { Catalog } from '#service-kit';
import { CATALOG, modelNamed, pmsNamed } from '../catalog.ts';
import { ownIdNames } from '../writes/own-fields.ts';
import { requestedRecord } from '../writes/requested-record.ts';
import { unsupported, WriteRouter } from '../writes/write-router.ts';

interface Operation {
  readonly pms: PmsDefinition;
  readonly model: ModelSpec;
  readonly operation: OperationName;
}

/** What each PMS can do, as data. The same declarations decide what is accepted, so this can't be out of date. */
@Injectable()
export class CapabilitiesAdministration {
  constructor(
    @Inject(CATALOG) private readonly catalog: Catalog,
    private readonly router: WriteRouter,
  ) {}

  /** Every model, operation and PMS; or those of one PMS, or of one PMS and model. */
  async list({ params, query }: AdminRequest): Promise<WireAnswer> {
    assertNoQuery(query);
    const list = params.vendor === undefined ? this.catalog.list : [pmsNamed(this.catalog, params.vendor)];
    const models = params.model === undefined ? [...this.catalog.models.values()] : [modelNamed(this.catalog, params.model)];
    const vendors = list.map(({ vendor, slug, title, credentials }) => ({ vendor, slug, title, credentials }));
    return { status: 200, body: { vendors, results: supportMatrix(list, models) } };
  }

  /** One operation of one PMS with all its fields; `?format=json-schema` gives the payload that it accepts. */
  async read(request: AdminRequest): Promise<WireAnswer> {
    assertNoQuery(request.query, ['format']);
    const { pms, model, operation } = this.operationOf(request);
    const { format = 'reference' } = request.query;
    if (format === 'reference') return { status: 200, body: { result: describeOperation(pms, model, operation) } };
    if (format !== 'json-schema') {
      const detail = 'The parameter format must be reference or json-schema.';
      throw Problem.invalid([{ pointer: '', parameter: 'format', code: 'invalid_value', detail }]);
    }
    const schema = jsonSchemaOf(pms, model, operation);
    if (!schema) throw unsupported(this.catalog, pms, model, operation, describeOperation(pms, model, operation).reason ?? '');
    return { status: 200, body: schema };
  }

  /**
   * Judges a payload and stores nothing. With an `integration_id` (on a create) what it names is located too, as the real write would;
   * without one only the payload itself is judged.
   */
  async validate(request: AdminRequest): Promise<WireAnswer> {
    assertNoQuery(request.query, ['ignore_unknown_fields']);
    const { pms, model, operation } = this.operationOf(request);
    const { principal, body, query } = request;
    if (!isObject(body))
      throw Problem.invalid([{ pointer: '', code: 'invalid_type', detail: 'The body must be a JSON object.' }]);
    const { ignore_unknown_fields: flag = 'false' } = query;
    if (flag !== 'true' && flag !== 'false') throw Problem.invalid([faultyFlag('ignore_unknown_fields')]);
    const ignoreUnknownFields = flag === 'true';
    if (operation === 'create' && body.integration_id !== undefined) {
      const accepted = await this.router.accept({
        job_id: newId(),
        principal,
        operation,
        model: model.path,
        vendor: pms.slug,
        payload: body,
        ignore_unknown_fields: ignoreUnknownFields,
        dry_run: true,
      });
      return { status: 200, body: { data: accepted.data, meta: { ignored_fields: accepted.ignored_fields } } };
    }
    // Without a record there is nothing that an update's own ids could differ from.
    const aside = new Set(['integration_id', ...(operation === 'update' ? ownIdNames(model) : [])]);
    const payload = Object.fromEntries(Object.entries(body).filter(([name]) => !aside.has(name)));
    const checked = checkWrite(pms, model, operation, payload, { ignoreUnknownFields });
    if (!checked.supported) throw unsupported(this.catalog, pms, model, operation, checked.reason);
    if (checked.issues.length > 0) throw invalid(checked.issues);
    const head = { id: null, x_id: null, integration_id: null, integration_vendor: pms.vendor };
    const data = requestedRecord(model, checked.values, head);
    return { status: 200, body: { data, meta: { ignored_fields: checked.ignored } } };
  }

  private operationOf({ params }: AdminRequest): Operation {
    const { vendor = '', model = '', operation = '' } = params;
    if (operation !== 'create' && operation !== 'update') throw Problem.notFound('operation');
    return { pms: pmsNamed(this.catalog, vendor), model: modelNamed(this.catalog, model), operation };
  }
}
