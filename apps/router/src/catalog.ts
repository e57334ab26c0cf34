import type { OperationName, PmsDefinition } from '#capabilities';
import { operationOf } from '#capabilities';
import type { ModelSpec } from '#models';
import { Problem } from '#problem';
import type { Catalog } from '#service-kit';

/** Injection token of the Catalog: an interface has no class to inject by. */
export const CATALOG = Symbol('catalog');

/**
 * The PMS that a path or body names, by its slug or its vendor name: in any case, and with hyphens or underscores, because published
 * paths write one name in several ways. Undefined when no PMS has that name.
 */
export function findPms(catalog: Catalog, name: string): PmsDefinition | undefined {
  const asked = lettersOf(name);
  return catalog.list.find(({ slug, vendor }) => lettersOf(slug) === asked || lettersOf(vendor) === asked);
}

function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '');
}

/** The same for a segment of a path: 404 when no PMS has that name. */
export function pmsNamed(catalog: Catalog, name: string): PmsDefinition {
  const found = findPms(catalog, name);
  if (!found) throw Problem.notFound('PMS');
  return found;
}

/** The model with this path: 404 when there is none. */
export function modelNamed(catalog: Catalog, path: string): ModelSpec {
  const found = catalog.models.get(path);
  if (!found) throw Problem.notFound('model');
  return found;
}

/** The model whose records hang under one of another model: `POST /v1/<parent>/{id}/<child>`. */
export function childModelNamed(catalog: Catalog, parentPath: string, child: string): ModelSpec {
  for (const model of catalog.models.values()) {
    if (model.parent?.path === parentPath && model.parent.child === child) return model;
  }
  throw Problem.notFound('model');
}

/** The PMSs that offer an operation, by their titles. */
export function offeredBy(catalog: Catalog, model: ModelSpec, operation: OperationName): string[] {
  return catalog.list
    .filter((pms) => {
      const capability = pms.capabilities.get(model.path);
      return capability !== undefined && operationOf(capability, operation) !== undefined;
    })
    .map((pms) => pms.title);
}
