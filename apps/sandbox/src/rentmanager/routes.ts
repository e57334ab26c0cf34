/**
 * Which code answers which path. Only GET, POST and DELETE exist: the vendor refuses PUT and PATCH (405), and answers
 * OPTIONS with 404.
 */
import type { SimulatedResponse } from '../simulator.ts';
import { routeError } from './answers.ts';
import type { Call } from './call.ts';
import { CATALOG, resourceAt, resourceNamed } from './catalog.ts';
import { LOCATIONS } from './demo/account.ts';
import { readCollection, readInstance, readRelation } from './reading.ts';
import { render } from './render.ts';
import type { Relation, Resource, ResourceName, Row } from './schema.ts';
import {
  brokenRoute,
  deleteCollection,
  deleteInstance,
  linkAction,
  saveCollection,
  saveInstance,
  saveRelation,
} from './writing.ts';

/** Type lists that hang under an entity: `Tenants/PhoneNumberTypes`. */
const TYPE_LISTS: Readonly<Record<string, ResourceName>> = { phonenumbertypes: 'PhoneNumberTypes', addresstypes: 'AddressTypes' };

/** The kind under which an entity owns addresses and phone numbers. */
const ADDRESS_KINDS = resourceNamed('Addresses').parent?.kinds ?? {};

export function answerCall(call: Call): SimulatedResponse {
  return routed(call) ?? routeError(404, call.request.method, call.request.path);
}

function routed(call: Call): SimulatedResponse | undefined {
  const { method } = call.request;
  if (method === 'PUT' || method === 'PATCH') return routeError(405, method, call.request.path);
  if (method !== 'GET' && method !== 'POST' && method !== 'DELETE') return undefined;

  const [first = '', second, third, ...deeper] = call.segments;
  if (deeper.length > 0) return undefined;
  const extra = EXTRA_ROUTES[`${method} ${first}/${second ?? ''}`.toLowerCase()];
  if (extra !== undefined) return extra(call);

  const resource = resourceAt(first);
  if (resource === undefined || resource.name === 'IssueLinks') return undefined;
  if (resource.name === 'Addresses') return brokenRoute(resource.name);
  if (second === undefined) return resource.reach === 'nested' ? undefined : onCollection(resource, call);
  if (!/^\d{1,9}$/.test(second)) return third === undefined && method === 'GET' ? typeList(resource, second, call) : undefined;
  if (resource.reach === 'nested') return undefined;
  const id = Number(second);
  return third === undefined ? onInstance(resource, id, call) : onRelation(resource, id, third, call);
}

const EXTRA_ROUTES: Readonly<Record<string, (call: Call) => SimulatedResponse>> = {
  'get current/locations': () => ({ status: 200, body: LOCATIONS }),
  'get apiinformation/enumerationvalues': (call) => enumerationValues(call.parameter('name') ?? ''),
};

function onCollection(resource: Resource, call: Call): SimulatedResponse {
  const { method, path } = call.request;
  if (method === 'GET') return readCollection(resource, call);
  if (resource.reach === 'fixed') return routeError(405, method, path);
  return method === 'POST' ? saveCollection(resource, call) : deleteCollection(resource, call);
}

function onInstance(resource: Resource, id: number, call: Call): SimulatedResponse {
  const { method, path } = call.request;
  if (method === 'GET') return readInstance(resource, id, call);
  if (resource.reach === 'fixed') return routeError(405, method, path);
  return method === 'POST' ? saveInstance(resource, id, call) : deleteInstance(resource, id, call);
}

function onRelation(resource: Resource, id: number, name: string, call: Call): SimulatedResponse | undefined {
  const { method, path } = call.request;
  const action = resource.name === 'ServiceManagerIssues' && method === 'POST' ? linkAction(name, id, call) : undefined;
  if (action !== undefined) return action;

  const relation = relationNamed(resource, name);
  if (relation === undefined) return undefined;
  const parent = call.records.find(resource.name, id);
  if (parent === undefined) return { status: 404 };
  if (method === 'GET') return readRelation(relation, parent, call);
  if (method === 'DELETE' || relation.adopt === undefined) return routeError(405, method, path);
  return saveRelation(relation, id, call);
}

function relationNamed(resource: Resource, name: string): Relation | undefined {
  return Object.entries(resource.relations ?? {}).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

function typeList(owner: Resource, name: string, call: Call): SimulatedResponse | undefined {
  const list = TYPE_LISTS[name.toLowerCase()];
  if (list === undefined) return undefined;
  const kind = Object.entries(ADDRESS_KINDS).find(([, resource]) => resource === owner.name)?.[0];
  const applies = (row: Row): boolean => row.ParentType === undefined || row.ParentType === kind;
  const rows = [...call.records.all(list)].filter(applies);
  return { status: 200, body: rows.map((row) => render(resourceNamed(list), row, call.records)) };
}

/** Enumerations that the vendor lets clients look up, with the members of ours that use them. */
const ENUMERATIONS: Readonly<Record<string, readonly [ResourceName, string]>> = {
  etenantstatus: ['Tenants', 'Status'],
  eaccounttype: ['Payments', 'AccountType'],
};

function enumerationValues(name: string): SimulatedResponse {
  const [resource, member] = ENUMERATIONS[name.toLowerCase()] ?? [];
  const values = resource && member ? CATALOG.get(resource)?.members[member]?.values : undefined;
  return values === undefined ? { status: 404 } : { status: 200, body: values };
}
