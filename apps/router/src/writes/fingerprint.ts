import { createHash } from 'node:crypto';
import type { WriteRequest } from '#messaging';

/** What makes two writes the same request, whatever the order of their members: everything that the caller chose. */
export function fingerprintOf(request: WriteRequest): string {
  const { operation, model, child, id, vendor, payload, ignore_unknown_fields } = request;
  const chosen = { operation, model, child, id, vendor: vendor?.toLowerCase(), payload, ignore_unknown_fields };
  return createHash('sha256').update(canonicalJson(chosen)).digest('hex');
}

/** JSON with the members of each object in the order of their names, and without undefined ones. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
