import { afterEach, describe, expect, it } from '@jest/globals';
import type { Capability, PmsDefinition } from '#capabilities';
import { acme, remarks, widgets, type RemoteWidget, type WidgetOptions } from '../testing/acme.ts';
import { closeAll, speakingTo } from '../testing/client.ts';
import { json, type Answer } from '../testing/vendor.ts';
import { readOne, readPage, type RecordCopy } from './read.ts';

afterEach(closeAll);

const widgetsUpTo = (count: number): RemoteWidget[] =>
  Array.from({ length: count }, (_, index) => ({ Id: index + 1, Name: `w${index + 1}` }));

/** Serves a list as Acme pages it: by offset, or by the number of the page. */
const serving =
  (all: readonly unknown[], headers = true): Answer =>
  ({ target }, response) => {
    const { searchParams } = new URL(`https://acme.example${target}`);
    const limit = Number(searchParams.get('limit'));
    const page = searchParams.get('page');
    const from = page === null ? Number(searchParams.get('offset')) : (Number(page) - 1) * limit;
    json(response, all.slice(from, from + limit), 200, headers ? { 'X-TOTAL': String(all.length) } : {});
  };

interface Setting {
  readonly pms?: Partial<PmsDefinition>;
  readonly options?: WidgetOptions;
  readonly capability?: Capability;
}
async function readingAll(
  answer: Answer,
  { pms, options, capability }: Setting = {},
): Promise<{ pages: RecordCopy[][]; targets: string[]; totals: (number | null)[] }> {
  const widget = widgets(options);
  const { client, vendor } = await speakingTo({ answer, widget, ...(pms && { pms }) });
  const pages: RecordCopy[][] = [];
  const totals: (number | null)[] = [];
  let cursor: string | undefined;
  do {
    const page = await readPage(client, capability ?? widget, cursor);
    pages.push([...page.records]);
    totals.push(page.total);
    cursor = page.next ?? undefined;
    if (pages.length > 50) throw new Error('no end');
  } while (cursor !== undefined);
  return { pages, totals, targets: vendor.seen.map(({ target }) => target) };
}
const idsOf = (pages: RecordCopy[][]): string[] => pages.flat().map(({ x_id }) => x_id);
const upTo = (count: number): string[] => widgetsUpTo(count).map(({ Id }) => String(Id));

describe(readPage, () => {
  it.each([0, 1, 3, 7, 9])('reads all of %d records by offset', async (count) => {
    const { pages, targets, totals } = await readingAll(serving(widgetsUpTo(count)));

    expect(idsOf(pages)).toEqual(upTo(count));
    expect(targets).toHaveLength(Math.max(1, Math.ceil(count / 3)));
    expect(new Set(totals)).toEqual(new Set([count]));
  });

  it.each([0, 1, 3, 7, 9])('reads all of %d records by the number of the page', async (count) => {
    const pms = { paging: { kind: 'page', page: 'page', limit: 'limit', size: 3, totalHeader: 'x-total' } } as const;

    const { pages, targets } = await readingAll(serving(widgetsUpTo(count)), { pms });

    expect(idsOf(pages)).toEqual(upTo(count));
    expect(targets.map((target) => new URLSearchParams(target.split('?')[1]).get('page'))[0]).toBe('1');
  });

  it.each([0, 3, 7])('reads all of %d records when the PMS does not say how many there are', async (count) => {
    const { pages } = await readingAll(serving(widgetsUpTo(count), false));

    expect(idsOf(pages)).toEqual(upTo(count));
  });

  it('takes a shorter page than asked for as what the PMS hands out at a time', async () => {
    const all = widgetsUpTo(5);
    const answer: Answer = ({ target }, response) => {
      const offset = Number(new URLSearchParams(target.split('?')[1]).get('offset'));
      json(response, all.slice(offset, offset + 2), 200, { 'x-total': '5' });
    };

    expect(idsOf((await readingAll(answer)).pages)).toEqual(upTo(5));
  });

  it('decodes the fields, with references as the PMS’s ids', async () => {
    const { pages } = await readingAll(serving([{ Id: 1, Name: 'gear', Price: 19.99, BoxId: 7, Bought: '2026-01-31T00:00:00' }]));

    expect(pages.flat()).toEqual([
      { x_id: '1', fields: { name: 'gear', price_in_cents: 1_999, x_box_id: '7', bought_on: '2026-01-31' } },
    ]);
  });

  it('keeps only the records that are of the model', async () => {
    const { list, id } = widgets().reads as Extract<Capability['reads'], { id: string }>;
    const reads = { list, id, only: ({ Id }: RemoteWidget) => Id % 2 === 0 };

    expect(idsOf((await readingAll(serving(widgetsUpTo(7)), { options: { reads } })).pages)).toEqual(['2', '4', '6']);
  });

  it.each([
    ['offset', { kind: 'offset', offset: 'offset', limit: 'limit', size: 500, totalHeader: 'x-total' }],
    ['page', { kind: 'page', page: 'page', limit: 'limit', size: 500, totalHeader: 'x-total' }],
  ] as const)('hands out no more than fits into a message (%s)', async (_, paging) => {
    const all = widgetsUpTo(300).map((widget) => ({ ...widget, Name: 'x'.repeat(10_000) }));

    const { pages } = await readingAll(serving(all), { pms: { paging } });

    expect(idsOf(pages)).toEqual(upTo(300));
    expect(pages.length).toBeGreaterThan(3);
    for (const page of pages) expect(JSON.stringify(page).length).toBeLessThan(950_000);
  });

  const NO_LIST: [string, Answer, string][] = [
    ['lost', (_, response) => void response.destroy(), 'unavailable'],
    ['a page', (_, response) => void response.end('<html>'), 'unavailable'],
    ['empty', (_, response) => void response.end(), 'unavailable'],
    ['an object', (_, response) => json(response, { error: 'no' }), 'unavailable'],
    ['a list that ends before its end', (_, response) => json(response, [], 200, { 'x-total': '5' }), 'unavailable'],
    ['a record without an id', (_, response) => json(response, [{ Name: 'x' }]), 'unavailable'],
    ['a record of another shape', (_, response) => json(response, [{ Id: 1, Bought: 5 }]), 'unavailable'],
    ['a list of null', (_, response) => json(response, [null]), 'unavailable'],
    ['an error', (_, response) => json(response, {}, 500), 'unavailable'],
    ['a limit', (_, response) => json(response, {}, 429), 'unavailable'],
    ['a refusal', (_, response) => json(response, {}, 403), 'conflict'],
    ['refused credentials', (_, response) => json(response, {}, 401), 'conflict'],
    ['a 404', (_, response) => json(response, {}, 404), 'not_found'],
  ];
  it.each(NO_LIST)('never takes %s for an empty list', async (_, answer, code) => {
    await expect(readingAll(answer)).rejects.toMatchObject({ code });
  });

  it('takes "no content" for an empty list', async () => {
    expect((await readingAll((_, response) => void response.writeHead(204).end())).pages).toEqual([[]]);
  });

  it('says that the PMS can not list the model', async () => {
    const readingNone = readingAll(serving([]), { options: { reads: { lacks: 'Acme lists no widgets.' } } });

    await expect(readingNone).rejects.toMatchObject({ code: 'operation_not_supported', detail: 'Acme lists no widgets.' });
  });

  it.each(['', 'x', '5', 'null', '{}', '{"position":"a","skip":0}', '{"position":null,"skip":0,"parents":{}}'])(
    'refuses the cursor %j',
    async (cursor) => {
      const { client, capability } = await speakingTo({ answer: serving([]) });

      await expect(readPage(client, capability, cursor)).rejects.toMatchObject({ code: 'invalid_request' });
    },
  );
});

describe('a list under the records of another model', () => {
  it('is read parent by parent, page by page, and names the parent', async () => {
    const counts: Record<string, number> = { '1': 0, '2': 4, '3': 1, '4': 2 };
    const answer: Answer = (request, response) => {
      const [, parent] = /^\/widgets\/(\d+)\/remarks/.exec(request.target) ?? [];
      const all =
        parent === undefined
          ? widgetsUpTo(4)
          : Array.from({ length: counts[parent] ?? 0 }, (_, index) => ({ Id: Number(parent) * 10 + index, Words: 'hm' }));
      void serving(all)(request, response, 1);
    };

    const { pages, targets } = await readingAll(answer, { capability: remarks });

    expect(idsOf(pages)).toEqual(['20', '21', '22', '23', '30', '40', '41']);
    expect(pages.flat().map(({ fields }) => fields['x_widget_id'])).toEqual(['2', '2', '2', '2', '3', '4', '4']);
    // The parents are listed once, not once for each of them.
    expect(targets.filter((target) => target.startsWith('/widgets?'))).toHaveLength(2);
  });

  it('goes on when a parent has vanished, and ends when there are none', async () => {
    const vanished: Answer = (request, response) =>
      request.target.startsWith('/widgets/1/')
        ? json(response, {}, 404)
        : void serving(request.target.startsWith('/widgets/') ? [{ Id: 20, Words: 'hm' }] : widgetsUpTo(2))(request, response, 1);

    expect(idsOf((await readingAll(vanished, { capability: remarks })).pages)).toEqual(['20']);
    expect(idsOf((await readingAll(serving([]), { capability: remarks })).pages)).toEqual([]);
  });

  it('fails when its parents can not be listed', async () => {
    await expect(readingAll((_, response) => json(response, {}, 500), { capability: remarks })).rejects.toMatchObject({
      code: 'unavailable',
    });
    const { client } = await speakingTo({ answer: serving([]), pms: { capabilities: new Map() } });
    await expect(readPage(client, remarks, undefined)).rejects.toMatchObject({ code: 'operation_not_supported' });
  });
});

describe(readOne, () => {
  const reading = async (answer: Answer, id = '5', options: WidgetOptions = {}): Promise<RecordCopy> => {
    const { client, capability } = await speakingTo({ answer, widget: widgets(options) });
    return readOne(client, capability, id);
  };

  it.each([
    ['as it is', { Id: 5, Name: 'gear' }],
    ['as the only one of a list', [{ Id: 5, Name: 'gear' }]],
  ])('brings the record, shown %s', async (_, shown) => {
    expect(await reading((__, response) => json(response, shown))).toEqual({ x_id: '5', fields: { name: 'gear' } });
  });

  const NONE: [string, Answer, string][] = [
    ['404', (_, response) => json(response, {}, 404), 'not_found'],
    ['no content', (_, response) => void response.writeHead(204).end(), 'not_found'],
    ['an empty list', (_, response) => json(response, []), 'not_found'],
    ['another record', (_, response) => json(response, { Id: 6 }), 'unavailable'],
    ['an empty object', (_, response) => json(response, {}), 'unavailable'],
    ['null', (_, response) => json(response, null), 'unavailable'],
    ['a page', (_, response) => void response.end('<html>'), 'unavailable'],
  ];
  it.each(NONE)('brings none for %s', async (_, answer, code) => {
    await expect(reading(answer)).rejects.toMatchObject({ code });
  });

  it.each(['', '.', '..'])('knows no record %j', async (id) => {
    await expect(reading((_, response) => json(response, { Id: 5 }), id)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('says that the PMS can not show a single record', async () => {
    const { list, id } = acme().capabilities.get('widgets')?.reads as Extract<Capability['reads'], { id: string }>;

    await expect(reading(serving([]), '5', { reads: { list, id } })).rejects.toMatchObject({ code: 'operation_not_supported' });
  });
});
