import { companionOf, fieldsOf, type FieldSpec, type ModelSpec } from '#models';
import type { NamedRecord } from '../store/identities.ts';
import type { CopyRow } from '../store/record.entity.ts';

/** Our id of a record that is named by its PMS id; undefined when that record is not known. */
export type IdOf = (named: NamedRecord) => string | undefined;

/**
 * A stored copy as the API shows it: the standard fields, then every field of the model, null where unset. References come in both forms:
 * the PMS's id as it was told, and our id where the record is known. What the model has no field for is not shown.
 */
export function renderRecord(model: ModelSpec, row: CopyRow, idOf: IdOf): Readonly<Record<string, unknown>> {
  return {
    id: row.id,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    last_seen: row.last_seen.toISOString(),
    x_id: row.x_id,
    integration_id: row.integration_id,
    integration_vendor: row.integration_vendor,
    ...Object.fromEntries(
      [...model.fields].map(([name, spec]) => [name, renderField(spec, row.fields, row.integration_id, idOf) ?? null]),
    ),
  };
}

/** Every record that a copy names, in its own fields and in those of its parts; to be resolved for a whole page at once. */
export function namedBy(model: ModelSpec, row: CopyRow): readonly NamedRecord[] {
  const found: NamedRecord[] = [];
  renderRecord(model, row, (named) => void found.push(named));
  return found;
}

type Values = Readonly<Record<string, unknown>>;

function renderField(spec: FieldSpec, values: Values, integrationId: string, idOf: IdOf): unknown {
  const { refersTo, element } = spec;
  if (refersTo !== undefined) {
    const id = (xId: string) => idOf({ integration_id: integrationId, model: refersTo, x_id: xId });
    const told = values[companionOf(spec.name)];
    return Array.isArray(told) ? told.filter(isText).flatMap((xId) => id(xId) ?? []) : isText(told) ? id(told) : undefined;
  }
  const value = values[spec.name];
  if (!element) return value;
  const part = (told: unknown) => (isObject(told) ? renderPart(element(), told, integrationId, idOf) : told);
  return Array.isArray(value) ? value.map(part) : part(value);
}

/** A part keeps what the PMS told and gains our ids of the records that it names. */
function renderPart(type: Parameters<typeof fieldsOf>[0], told: Values, integrationId: string, idOf: IdOf): Values {
  const gained = [...fieldsOf(type).values()]
    .filter(({ name, refersTo, element }) => (refersTo === undefined ? element && name in told : companionOf(name) in told))
    .map((spec) => [spec.name, renderField(spec, told, integrationId, idOf) ?? null]);
  return { ...told, ...Object.fromEntries(gained) };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isObject(value: unknown): value is Values {
  return typeof value === 'object' && value !== null;
}
