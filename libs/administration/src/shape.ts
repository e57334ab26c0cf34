import { checkShape, fieldsOf, type FieldSpec, type ModelClass, type PartClass } from '#models';
import { Problem, type Issue } from '#problem';
import { invalid } from './issues.ts';

/**
 * Reads the body of an administrative request: an object with fields of `type`, whose rules are written in the vocabulary of the models.
 * Nulls count as left out.
 * @throws Problem `invalid_request` with every issue: those of the shape, and `further` ones of the caller.
 */
export function parseBody<Body extends object>(
  title: string,
  type: new () => Body,
  body: unknown,
  further: (sent: Partial<Body>) => readonly Issue[] = () => [],
): Partial<Body> {
  if (!isObject(body)) throw Problem.invalid([{ pointer: '', code: 'invalid_type', detail: 'The body must be a JSON object.' }]);
  const fields: ReadonlyMap<string, FieldSpec> = fieldsOf(type as PartClass);
  // The check of a shape asks a model for its class and its fields, nothing else; no record is made of it.
  const model = { path: title, title, description: '', type: type as unknown as ModelClass, fields };
  const { values, issues } = checkShape(model, body);
  const sent = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)) as Partial<Body>;
  const all = [...issues, ...further(sent)];
  if (all.length > 0) throw invalid(all);
  return sent;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
