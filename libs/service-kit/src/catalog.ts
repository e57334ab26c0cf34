import { readdir } from 'node:fs/promises';
import type { PmsDefinition } from '#capabilities';
import { knownModels, type ModelSpec } from '#models';

/** Everything that this build knows to speak: the unified models and the PMSs. */
export interface Catalog {
  /** By path. */
  readonly models: ReadonlyMap<string, ModelSpec>;
  readonly list: readonly PmsDefinition[];
  byVendor(vendor: string): PmsDefinition | undefined;
  bySlug(slug: string): PmsDefinition | undefined;
}

const MODELS = new URL('../../models/src/', import.meta.url);
const PMS_LIBRARIES = new URL('../../pms/', import.meta.url);

/**
 * Loads every model and every PMS library by looking into their folders, so that a new one is a new file or folder and no line elsewhere.
 * Throws when a library exports no `pms`, or two claim one vendor.
 */
export async function loadCatalog(): Promise<Catalog> {
  for (const file of await readdir(MODELS)) if (/\.model\.(ts|js)$/.test(file)) await import(new URL(file, MODELS).href);

  const list: PmsDefinition[] = [];
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  for (const folder of await readdir(PMS_LIBRARIES, { withFileTypes: true })) {
    if (!folder.isDirectory()) continue;
    const { pms } = (await import(new URL(`${folder.name}/src/index.${extension}`, PMS_LIBRARIES).href)) as {
      pms?: PmsDefinition;
    };
    if (!pms) throw new Error(`libs/pms/${folder.name} exports no "pms"`);
    if (list.some((other) => other.vendor === pms.vendor || other.slug === pms.slug))
      throw new Error(`Two PMS libraries claim ${pms.vendor}`);
    list.push(pms);
  }
  list.sort((one, other) => one.vendor.localeCompare(other.vendor));
  const vendors = new Map(list.map((pms) => [pms.vendor, pms]));
  const slugs = new Map(list.map((pms) => [pms.slug, pms]));
  return {
    models: new Map([...knownModels()].sort(([one], [other]) => one.localeCompare(other))),
    list,
    byVendor: (vendor) => vendors.get(vendor),
    bySlug: (slug) => slugs.get(slug),
  };
}
