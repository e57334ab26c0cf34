/** All resources by name. A resource is known to the simulator once it stands here. */
import * as lookups from './resources/lookups.ts';
import * as money from './resources/money.ts';
import * as people from './resources/people.ts';
import * as property from './resources/property.ts';
import * as service from './resources/service.ts';
import { RESOURCE_NAMES, type Resource, type ResourceName, type ResourceSpec } from './schema.ts';

const SPECS: Readonly<Record<ResourceName, ResourceSpec>> = { ...people, ...property, ...service, ...money, ...lookups };

function named(name: ResourceName): Resource {
  const spec = SPECS[name];
  const words = [...Object.keys(spec.members), ...Object.keys(spec.nestedCreates ?? {})];
  return { ...spec, name, canonical: new Map(words.map((word) => [word.toLowerCase(), word])) };
}

export const CATALOG: ReadonlyMap<ResourceName, Resource> = new Map(RESOURCE_NAMES.map((name) => [name, named(name)]));

const BY_ROUTE: ReadonlyMap<string, Resource> = new Map([...CATALOG].map(([name, resource]) => [name.toLowerCase(), resource]));

/** The resource at the first segment of a path; routes do not mind letter case. */
export function resourceAt(segment: string): Resource | undefined {
  return BY_ROUTE.get(segment.toLowerCase());
}

export function resourceNamed(name: ResourceName): Resource {
  const resource = CATALOG.get(name);
  if (resource === undefined) throw new Error(`no resource ${name} in the catalog`);
  return resource;
}
