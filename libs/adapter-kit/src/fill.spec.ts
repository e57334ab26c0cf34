import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  callsOf,
  fromPayload,
  inCurrent,
  joined,
  madeBy,
  parentId,
  recordId,
  referenceTo,
  sinceSent,
  type AnyCalls,
} from '#capabilities';
import { fill, MissingParameter, NOWHERE, sourcesIn } from './fill.ts';

const { get, put } = callsOf<AnyCalls>();
const one = put('/things/{id}/parts', { id: recordId });
const withId = (id: string | null): string => fill(one, { ...NOWHERE, recordId: id }).target;
const pathOf = (target: string): string[] => new URL(`https://pms.example${target}`).pathname.split('/');

describe(fill, () => {
  it.each(['../admin', '..%2fadmin', 'a/b', 'a?x=1', 'a#x', 'a;b', 'a%2Fb', 'a\\b', 'a b', 'ü', '%', '\ud800'])(
    'keeps %j within its segment',
    (id) => {
      const path = pathOf(withId(id));

      expect(path).toHaveLength(4);
      expect([path[1], path[3]]).toEqual(['things', 'parts']);
      expect(decodeURIComponent(path[2] ?? '')).toBe(id.toWellFormed());
    },
  );

  it('keeps any value within its segment, or refuses it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (id) => {
        try {
          const path = pathOf(withId(id));
          return path.length === 4 && path[3] === 'parts' && decodeURIComponent(path[2] ?? '') === id.toWellFormed();
        } catch (error) {
          return error instanceof MissingParameter;
        }
      }),
    );
  });

  it.each(['.', '..', '', null])('refuses %j, which no segment can be', (id) => {
    expect(() => withId(id)).toThrow(new MissingParameter("the record's id at the PMS"));
  });

  it('leaves query parameters without a value out, and takes no value for structure', () => {
    const call = get(
      '/things',
      {},
      { fixed: 'yes', count: 0, name: fromPayload('a name', ({ name }) => name as string), none: referenceTo('x') },
    );

    const { target } = fill(call, { ...NOWHERE, values: { name: 'A & B=C+D #1?' } }, { limit: 5 });
    const { searchParams, hash } = new URL(`https://pms.example${target}`);

    expect(Object.fromEntries(searchParams)).toEqual({ fixed: 'yes', count: '0', name: 'A & B=C+D #1?', limit: '5' });
    expect(hash).toBe('');
    expect(target).not.toContain('+');
  });

  it('takes values from everywhere', () => {
    const call = get(
      '/a/{record}/{reference}/{made}/{memo}/{current}/{parent}',
      {
        record: recordId,
        reference: referenceTo('box_id'),
        made: madeBy('make'),
        memo: madeBy('make', 'key'),
        current: inCurrent<{ Key: number }>('the key', ({ Key }) => Key),
        parent: parentId,
      },
      {
        since: sinceSent((at) => at.toISOString()),
        filter: joined(';', { 'Name,eq,': fromPayload('a name', () => 'x'), 'Id,eq,': referenceTo('gone') }),
      },
    );

    const { target } = fill(call, {
      recordId: '1',
      references: { box_id: '2' },
      values: {},
      done: { make: { x_id: '3', memo: { key: '4' } } },
      current: { Key: 5 },
      parentId: '6',
      sentAt: new Date('2026-01-01T00:05:00Z'),
    });

    expect(decodeURIComponent(target)).toBe('/a/1/2/3/4/5/6?since=2026-01-01T00:00:00.000Z&filter=Name,eq,x');
  });

  it.each([
    [referenceTo('box_id'), "the PMS's id of box_id"],
    [madeBy('make'), 'what the step "make" made'],
    [inCurrent('the key', () => null), 'the key'],
    [fromPayload('a name', () => undefined), 'a name'],
    [parentId, "the record's id at the PMS"],
  ])('says what is missing', (source, words) => {
    expect(() => fill(get('/{x}', { x: source }), NOWHERE)).toThrow(new MissingParameter(words));
  });
});

describe(sourcesIn, () => {
  it('finds the sources of path and query, also inside of joined ones', () => {
    const call = get('/{id}', { id: recordId }, { a: 'fixed', b: joined(';', { x: parentId }) });

    expect(sourcesIn(call).map(({ kind }) => kind)).toEqual(['record', 'parent']);
  });
});
