import { Inject, Injectable } from '@nestjs/common';
import { invalid } from '#administration';
import { checkWrite, type CheckedWrite, type PmsDefinition } from '#capabilities';
import { MessageBus, openWrite, type OpenWrite, type WriteAccepted, type WriteRequest } from '#messaging';
import type { ModelSpec } from '#models';
import { Problem } from '#problem';
import type { Catalog } from '#service-kit';
import { CATALOG, offeredBy } from '../catalog.ts';
import { fingerprintOf } from './fingerprint.ts';
import { RecordLocator } from './record-locator.ts';
import { resolveReferences } from './references.ts';
import { requestedRecord } from './requested-record.ts';
import { WritePlaces, type WritePlace } from './write-place.ts';

type SupportedWrite = Extract<CheckedWrite, { supported: true }>;

/** A write that may be opened in the ledger. */
interface JudgedWrite {
  readonly place: WritePlace;
  readonly checked: SupportedWrite;
  readonly references: Readonly<Record<string, string>>;
  readonly awaits: Readonly<Record<string, string>>;
}

/**
 * A write on its way in: find where it goes -> check the payload against what that PMS accepts -> locate what it names -> open it in the
 * ledger. Until the last step nothing is stored, and when it has answered, the write is committed.
 */
@Injectable()
export class WriteRouter {
  constructor(
    @Inject(CATALOG) private readonly catalog: Catalog,
    private readonly places: WritePlaces,
    private readonly records: RecordLocator,
    private readonly bus: MessageBus,
  ) {}

  /**
   * @throws Problem with every issue of the payload at once; Problem `operation_not_supported` when the PMS can't do this at all; Problem
   *   `unavailable` when the ledger's answer is lost: the write may then be committed, and only an Idempotency-Key makes repeating it safe.
   */
  async accept(request: WriteRequest): Promise<WriteAccepted> {
    const judged = await this.judge(request);
    if (request.dry_run) return dryRun(judged);
    const { place } = judged;
    const opened = await this.bus.request(openWrite, this.opening(request, judged));
    return {
      job_id: opened.job_id,
      data: requestedRecord(place.model, opened.payload, headOf(place, opened.record_id)),
      ignored_fields: opened.ignored_fields,
      replayed: opened.replayed,
    };
  }

  private async judge(request: WriteRequest): Promise<JudgedWrite> {
    const { principal, operation, ignore_unknown_fields: ignoreUnknownFields } = request;
    const place = await this.places.find(request);
    const checked = checkWrite(place.pms, place.model, operation, place.payload, { ignoreUnknownFields });
    if (!checked.supported) throw unsupported(this.catalog, place.pms, place.model, operation, checked.reason);
    const unseen = checked.references.map(({ id }) => id).filter((id) => !place.located.has(id));
    const located = new Map([...place.located, ...(await this.records.locate(principal.organization_id, unseen))]);
    const named = resolveReferences(checked.references, located, place.integration.id, this.catalog.models);
    const issues = [...place.issues, ...checked.issues, ...named.issues];
    if (issues.length > 0) throw invalid(issues);
    return { place, checked, references: named.x_ids, awaits: named.awaits };
  }

  private opening(request: WriteRequest, { place, checked, references, awaits }: JudgedWrite): OpenWrite {
    const { principal, operation, idempotency_key: key } = request;
    const { model, integration, pms, record } = place;
    const idempotency = key && { key, route: `${operation}:${model.path}`, fingerprint: fingerprintOf(request) };
    return {
      job_id: request.job_id,
      organization_id: principal.organization_id,
      integration_id: integration.id,
      pms: pms.slug,
      model: model.path,
      operation,
      record_id: record?.id ?? null,
      x_id: record?.x_id ?? null,
      payload: checked.values,
      references,
      ...(Object.keys(awaits).length > 0 ? { awaits } : {}),
      ignored_fields: checked.ignored,
      priority: request.priority ?? 'interactive',
      refresh: checked.refresh && integration.refresh_after_write,
      ...(idempotency ? { idempotency } : {}),
    };
  }
}

/** Problem `operation_not_supported`, with the reason and who can. */
export function unsupported(
  catalog: Catalog,
  pms: PmsDefinition,
  model: ModelSpec,
  operation: 'create' | 'update',
  reason: string,
): Problem {
  const others = offeredBy(catalog, model, operation);
  const offer = others.length > 0 ? `Offered by: ${others.join(', ')}.` : 'No PMS that Latchkey speaks to offers it.';
  return new Problem('operation_not_supported', `${pms.title} can't ${operation} a ${model.title}. ${reason} ${offer}`);
}

function dryRun({ place, checked }: JudgedWrite): WriteAccepted {
  return {
    data: requestedRecord(place.model, checked.values, headOf(place, place.record?.id ?? null)),
    ignored_fields: checked.ignored,
    replayed: false,
  };
}

function headOf({ record, integration }: WritePlace, id: string | null): Parameters<typeof requestedRecord>[2] {
  return { id, x_id: record?.x_id ?? null, integration_id: integration.id, integration_vendor: integration.vendor };
}
