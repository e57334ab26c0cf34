/**
 * Finds the call that a method and a path mean.
 *
 * Promises: letter case counts; a fixed segment wins over an id (`/v1/leases/tenants` is not the lease "tenants"); an id is
 * a positive 32-bit integer. Fails: `undefined` for a path that does not exist, the allowed methods for a wrong method.
 */
import { operations } from '#pms/buildium/wire';
import type { CallKey } from './api.ts';

interface Node {
  readonly fixed: Map<string, Node>;
  id?: { readonly name: string; readonly node: Node };
  readonly calls: Map<string, CallKey>;
}

export type Route =
  { readonly call: CallKey; readonly params: Readonly<Record<string, number>> } | { readonly allow: readonly string[] };

const newNode = (): Node => ({ fixed: new Map(), calls: new Map() });
const idPattern = /^[1-9]\d{0,9}$/;
const greatestId = 2 ** 31 - 1;

const root = newNode();
for (const key of Object.keys(operations) as CallKey[]) {
  const [method = '', path = ''] = key.split(' ');
  let node = root;
  for (const segment of path.slice(1).split('/')) node = descend(node, segment);
  node.calls.set(method, key);
}

function descend(node: Node, segment: string): Node {
  if (segment.startsWith('{')) {
    node.id ??= { name: segment.slice(1, -1), node: newNode() };
    if (node.id.name !== segment.slice(1, -1)) throw new Error(`Two names for one id: ${node.id.name} and ${segment}`);
    return node.id.node;
  }
  const next = node.fixed.get(segment) ?? newNode();
  node.fixed.set(segment, next);
  return next;
}

export function findRoute(method: string, path: string): Route | undefined {
  const params: Record<string, number> = {};
  let node = root;
  for (const segment of path.slice(1).split('/')) {
    const fixed = node.fixed.get(segment);
    if (fixed) {
      node = fixed;
      continue;
    }
    if (!node.id || !idPattern.test(segment) || Number(segment) > greatestId) return undefined;
    params[node.id.name] = Number(segment);
    node = node.id.node;
  }
  const call = node.calls.get(method);
  if (call) return { call, params };
  return node.calls.size > 0 ? { allow: [...node.calls.keys()] } : undefined;
}
