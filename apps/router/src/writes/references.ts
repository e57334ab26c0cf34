import type { PayloadReference } from '#capabilities';
import type { ModelSpec } from '#models';
import type { Issue } from '#problem';
import type { Located } from './record-locator.ts';

/** What the references of a payload come to. */
export interface ResolvedReferences {
  /** Field -> the PMS's id of the record that it names. */
  readonly x_ids: Readonly<Record<string, string>>;
  /** Field -> the record that it names, where that is still being created. */
  readonly awaits: Readonly<Record<string, string>>;
  readonly issues: readonly Issue[];
}

/**
 * Judges each reference: it must name a record of the right model in the same integration. What belongs to somebody else and what does
 * not exist is refused in the same words.
 */
export function resolveReferences(
  references: readonly PayloadReference[],
  located: ReadonlyMap<string, Located>,
  integrationId: string,
  models: ReadonlyMap<string, ModelSpec>,
): ResolvedReferences {
  const x_ids: Record<string, string> = {};
  const awaits: Record<string, string> = {};
  const issues: Issue[] = [];
  for (const reference of references) {
    const record = located.get(reference.id);
    const fault = record ? faultOf(record, reference, integrationId, models) : `names no ${titleOf(reference.refersTo, models)}.`;
    if (fault) issues.push({ pointer: reference.pointer, code: 'unknown_reference', detail: `${reference.field} ${fault}` });
    else if (record?.x_id) x_ids[reference.field] = record.x_id;
    else if (record) awaits[reference.field] = record.id;
  }
  return { x_ids, awaits, issues };
}

function faultOf(
  record: Located,
  { refersTo }: PayloadReference,
  integrationId: string,
  models: ReadonlyMap<string, ModelSpec>,
): string | undefined {
  if (record.model !== refersTo) {
    return `must name a ${titleOf(refersTo, models)}; ${record.id} is a ${titleOf(record.model, models)}.`;
  }
  if (record.integration_id !== integrationId) return `names a ${titleOf(refersTo, models)} of another integration.`;
  if (record.failed)
    return `names a ${titleOf(refersTo, models)} that could not be created (see the write ${record.created_by}).`;
  return undefined;
}

function titleOf(path: string, models: ReadonlyMap<string, ModelSpec>): string {
  return models.get(path)?.title ?? path;
}
