/**
 * POST and DELETE: saves of collections, instances and sub-resources, and the link actions of issues.
 *
 * Promises: one call is all or nothing, and each element that a client sent makes exactly one effect; rows that the
 * vendor adds by itself (a tenant's first contact, nested models) make none. Fails: by Refusal.
 */
import type { Effect, SimulatedResponse } from '../simulator.ts';
import { duplicate, errorModel, invalid, missingKey, NO_INSTANCE } from './answers.ts';
import { isJsonObject } from './bind.ts';
import { SLUG, type Call } from './call.ts';
import { resourceNamed } from './catalog.ts';
import { LINKABLE } from './issue-links.ts';
import { viewAsked } from './reading.ts';
import { idOf, type Records } from './records.ts';
import { render } from './render.ts';
import { save, type Saved } from './save.ts';
import type { JsonObject, Relation, Resource, Row } from './schema.ts';

/** An array of models; a single one is taken for an array of one, as the vendor's binder does. */
export function saveCollection(resource: Resource, call: Call, fixed: Row = {}): SimulatedResponse {
  const models = modelsIn(call.json());
  const saved = call.records.atomically(() => models.map((sent) => save({ resource, sent, fixed }, call)));
  return answerSaved(resource, saved, models, call, (bodies) => bodies);
}

export function saveInstance(resource: Resource, id: number, call: Call): SimulatedResponse {
  if (call.records.find(resource.name, id) === undefined) return NO_INSTANCE;
  const sent = call.json();
  if (!isJsonObject(sent)) throw invalid(`POST ${resource.name}/${id} takes one object.`);
  const saved = call.records.atomically(() => save({ resource, sent, fixed: { [resource.key]: id } }, call));
  return answerSaved(resource, [saved], [sent], call, ([body]) => body);
}

export function saveRelation(relation: Relation, parentId: number, call: Call): SimulatedResponse {
  return saveCollection(resourceNamed(relation.resource), call, relation.adopt?.(parentId));
}

export function deleteInstance(resource: Resource, id: number, call: Call): SimulatedResponse {
  const { records, world } = call;
  const row = records.find(resource.name, id);
  if (row === undefined) return NO_INSTANCE;
  records.atomically(() => remove(resource, row, records));
  world.record({ resource: resource.name, action: 'delete', id: String(id), sent: null, record: render(resource, row, records) });
  return { status: 204 };
}

/** `DELETE /Resource?ids=1,2`: all or none. */
export function deleteCollection(resource: Resource, call: Call): SimulatedResponse {
  const { records, world } = call;
  const ids = (call.parameter('ids') ?? '').split(',').map(Number);
  const rows = ids.map((id) => {
    const row = records.find(resource.name, id);
    if (row === undefined) throw missingKey(`No ${resource.name} with ${resource.key} ${id}.`);
    return row;
  });
  records.atomically(() => rows.forEach((row) => remove(resource, row, records)));
  for (const row of rows) {
    const id = String(idOf(resource, row));
    world.record({ resource: resource.name, action: 'delete', id, sent: null, record: render(resource, row, records) });
  }
  return { status: 204 };
}

/** `LinkUnit?unitID=`, `UnlinkTenant?tenantID=` and their like; linking twice changes nothing and makes no effect. */
export function linkAction(action: string, issueId: number, call: Call): SimulatedResponse | undefined {
  const [, undo, target] = action.match(/^(un)?link(\w+)$/i) ?? [];
  const [kind, link] = Object.entries(LINKABLE).find(([name]) => name.toLowerCase() === target?.toLowerCase()) ?? [];
  if (kind === undefined || link === undefined) return undefined;

  const { records } = call;
  const issues = resourceNamed('ServiceManagerIssues');
  const issue = records.find('ServiceManagerIssues', issueId);
  if (issue === undefined) return NO_INSTANCE;
  const linkedId = call.integer(link.parameter);
  if (linkedId === undefined) throw invalid(`${link.parameter} is required.`);
  if (records.find(link.resource, linkedId) === undefined) throw missingKey(`No ${link.resource} with id ${linkedId}.`);

  const members = { ServiceManagerIssueID: issueId, Kind: kind, LinkedID: linkedId };
  const [standing] = records.where('IssueLinks', Object.keys(members), Object.values(members));
  const asAsked = (standing === undefined) === (undo !== undefined);
  if (asAsked) return { status: 204 };
  if (standing !== undefined) records.remove('IssueLinks', Number(standing.IssueLinkID));
  else records.atomically(() => save({ resource: resourceNamed('IssueLinks'), sent: members }, call));
  const sent = { action, [link.parameter]: linkedId };
  const record = { ...render(issues, issue, records), ...members };
  call.world.record({ resource: 'ServiceManagerIssues', action: 'action', id: String(issueId), sent, record });
  return { status: 204 };
}

/** A top-level address route exists on the vendor's side and always fails. */
export function brokenRoute(name: string): SimulatedResponse {
  return errorModel(500, 'InvalidOperationException', `${name} are reached through the records that own them.`);
}

function modelsIn(body: unknown): readonly JsonObject[] {
  const models: readonly unknown[] = Array.isArray(body) ? body : [body];
  return models.map((model) => {
    if (!isJsonObject(model)) throw invalid('Send an array of objects.');
    return model;
  });
}

function answerSaved(
  resource: Resource,
  saved: readonly Saved[],
  sent: readonly JsonObject[],
  call: Call,
  shape: (bodies: readonly object[]) => unknown,
): SimulatedResponse {
  const { records, world } = call;
  const rows = saved.map(({ id }) => records.find(resource.name, id) ?? {});
  saved.forEach(({ action, id }, index) => {
    const record = render(resource, rows[index] ?? {}, records);
    const effect: Effect = { resource: resource.name, action, id: String(id), sent: sent[index], record };
    world.record(effect);
  });
  const status = saved.some(({ action }) => action === 'create') ? 201 : 200;
  const headers = status === 201 ? locationOf(resource, saved) : {};
  if (call.parameter('nocontent') === 'true') return { status, headers };
  const view = viewAsked(call);
  return { status, headers, body: shape(rows.map((row) => render(resource, row, records, view))) };
}

/** Where a single new record can be read; a nested one has no place of its own. */
function locationOf(resource: Resource, saved: readonly Saved[]): Record<string, string> {
  const [first, ...others] = saved;
  if (first === undefined || others.length > 0 || resource.reach === 'nested') return {};
  return { Location: `/${SLUG}/${resource.name}/${first.id}` };
}

/** Removes a row and what it owns; a row that others point to stays. */
function remove(resource: Resource, row: Row, records: Records): void {
  for (const [name, relation] of Object.entries(resource.relations ?? {})) {
    if (relation.adopt === undefined) continue;
    const related = relation.rows(row, records);
    if (related.length === 0) continue;
    if (!relation.owned) throw duplicate(`${resource.key} ${row[resource.key]} still has ${name}.`);
    const inner = resourceNamed(relation.resource);
    for (const child of related) remove(inner, child, records);
  }
  records.remove(resource.name, idOf(resource, row));
}
