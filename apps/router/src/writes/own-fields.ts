import type { ModelSpec } from '#models';
import { pointerTo, type Issue } from '#problem';

/** What a payload says about the write itself rather than about the record; it never reaches the PMS. */
export interface RoutedPayload {
  readonly payload: Readonly<Record<string, unknown>>;
  readonly issues: readonly Issue[];
}

/**
 * Takes members that repeat what the path already says (`integration_id`, the record's own id) out of a payload. One that says something
 * else than the path is an issue: the caller means another record.
 */
export function withoutRepetitions(
  payload: Readonly<Record<string, unknown>>,
  said: Readonly<Record<string, string>>,
): RoutedPayload {
  const issues: Issue[] = [];
  const rest: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(payload)) {
    if (!Object.hasOwn(said, name)) rest[name] = value;
    else if (value !== said[name] && value !== null) {
      issues.push({
        pointer: pointerTo(name),
        code: 'conflict',
        detail: `${name} differs from what the path says (${said[name]}).`,
      });
    }
  }
  return { payload: rest, issues };
}

/**
 * The names by which an update's body may repeat the record's id: `id`, `resident_pet_id`, `pet_id`; never a field that callers can set. A
 * property tells its own id as `property_id` when it is read, so the body may repeat that one too.
 */
export function ownIdNames(model: ModelSpec): string[] {
  const words = model.title.toLowerCase().split(' ');
  const names = ['id', `${words.join('_')}_id`, `${words.at(-1)}_id`];
  return [...new Set(names)].filter((name) => model.fields.get(name)?.readOnly ?? true);
}
