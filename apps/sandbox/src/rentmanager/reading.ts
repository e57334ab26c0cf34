/**
 * GET: lists with filters and pages, single records, sub-resources.
 *
 * Promises: lists show only records old enough for the world's search delay; single records show at once. A filtered
 * list or a sub-resource without rows is 204, an unfiltered one `[]`. Rows come in the order of their creation: the
 * vendor does not sort.
 */
import type { SimulatedResponse } from '../simulator.ts';
import { NO_INSTANCE } from './answers.ts';
import { SLUG, type Call } from './call.ts';
import { resourceNamed } from './catalog.ts';
import { parseFilters } from './filters.ts';
import { idOf } from './records.ts';
import { render, viewOf } from './render.ts';
import type { Relation, Resource, Row } from './schema.ts';

/** Lists longer than this are paged although nobody asked; a larger page size is honoured. */
const DEFAULT_PAGE_SIZE = 1000;

export function readCollection(resource: Resource, call: Call): SimulatedResponse {
  const filters = call.parameter('filters');
  return listOf(resource, call.records.all(resource.name), call, filters === undefined ? 'show' : 'omit');
}

export function readInstance(resource: Resource, id: number, call: Call): SimulatedResponse {
  const row = call.records.find(resource.name, id);
  if (row === undefined) return NO_INSTANCE;
  return { status: 200, body: render(resource, row, call.records, viewAsked(call)) };
}

export function readRelation(relation: Relation, parent: Row, call: Call): SimulatedResponse {
  const resource = resourceNamed(relation.resource);
  const rows = relation.rows(parent, call.records);
  if (relation.many) return listOf(resource, rows, call, 'omit');
  const [row] = rows;
  if (row === undefined) return { status: 204 };
  return { status: 200, body: render(resource, row, call.records, viewAsked(call)) };
}

export function viewAsked(call: Call): ReturnType<typeof viewOf> {
  return viewOf(call.parameter('fields'), call.parameter('embeds'));
}

function listOf(resource: Resource, rows: Iterable<Row>, call: Call, empty: 'show' | 'omit'): SimulatedResponse {
  const { records } = call;
  const filters = call.parameter('filters');
  const passes = filters === undefined ? () => true : parseFilters(resource, filters);
  const youngestMs = call.world.searchDelayMs === 0 ? Infinity : call.now.getTime() - call.world.searchDelayMs;

  const found: Row[] = [];
  for (const row of rows) {
    if (records.createdMs(resource.name, idOf(resource, row)) <= youngestMs && passes(row, records)) found.push(row);
  }
  const size = Math.max(1, call.integer('pageSize') ?? DEFAULT_PAGE_SIZE);
  const page = Math.max(1, call.integer('pageNumber') ?? 1);
  const shown = found.slice((page - 1) * size, page * size);
  const headers = {
    'X-Total-Results': String(found.length),
    'X-Results': String(shown.length),
    ...linkHeader(found.length, page, size, call),
  };

  if (shown.length === 0 && empty === 'omit') return { status: 204, headers };
  const view = viewAsked(call);
  return { status: 200, headers, body: shown.map((row) => render(resource, row, records, view)) };
}

/** first, previous, next and last as far as they exist; nothing when all rows fit on one page. */
function linkHeader(total: number, page: number, size: number, call: Call): { Link?: string } {
  const last = Math.max(1, Math.ceil(total / size));
  if (last === 1) return {};
  const pages: [string, number][] = [
    ['first', 1],
    ['previous', page - 1],
    ['next', page + 1],
    ['last', last],
  ];
  const links = pages.filter(([, number]) => number >= 1 && number <= last);
  return { Link: links.map(([name, number]) => `<${pageUrl(number, call)}>; rel="${name}"`).join(', ') };
}

function pageUrl(page: number, { request }: Call): string {
  const query = new URLSearchParams([...request.query].filter(([name]) => name.toLowerCase() !== 'pagenumber'));
  query.set('pageNumber', String(page));
  return `http://${request.headers.host ?? 'localhost'}/${SLUG}${request.path}?${query}`;
}
