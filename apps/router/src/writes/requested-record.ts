import { STANDARD_FIELDS, type ModelSpec } from '#models';

/** The standard fields of a record that are known before the PMS has it. */
export interface RecordHead {
  readonly id: string | null;
  readonly x_id: string | null;
  readonly integration_id: string | null;
  readonly integration_vendor: string;
}

/** The record as it was asked for: every field of its model, null where unset. What the PMS makes of it is not known yet. */
export function requestedRecord(
  model: ModelSpec,
  values: Readonly<Record<string, unknown>>,
  head: RecordHead,
): Record<string, unknown> {
  const names = [...STANDARD_FIELDS, ...model.fields.keys()];
  return { ...Object.fromEntries(names.map((name) => [name, values[name] ?? null])), ...head };
}
