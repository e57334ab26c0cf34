import { describe, expect, it } from '@jest/globals';
import { modelOf } from '#models';
import { Resident } from '#models/resident';
import { Unit } from '#models/unit';
import { Problem } from '#problem';
import { cursorBehind } from './cursor.ts';
import { parseRecordQuery } from './record-query.ts';

const parse = (parameters: Record<string, string>) => parseRecordQuery(modelOf(Resident), parameters);
const issuesOf = (parameters: Record<string, string>) => {
  try {
    parse(parameters);
  } catch (error) {
    return Problem.from(error).errors;
  }
  return [];
};

describe(parseRecordQuery.name, () => {
  it('lists the newest hundred unless told otherwise', () => {
    expect(parse({})).toEqual({
      offset: 0,
      limit: 100,
      orderBy: [{ field: 'created_at', direction: 'desc' }],
      columns: {},
      fields: {},
      references: [],
    });
  });

  it('reads each filter in the form that the field is stored in', () => {
    const query = parse({
      email_1: 'ann@example.com',
      rent_due_day: '1',
      monthly_income_in_cents: '-5',
      is_primary: 'true',
      guarantor: 'false',
      rent_period: 'WEEKLY',
      x_property_id: '42',
      x_id: '7',
      integration_id: 'i',
    });

    expect(query.fields).toEqual({
      email_1: 'ann@example.com',
      rent_due_day: 1,
      monthly_income_in_cents: -5,
      is_primary: true,
      guarantor: false,
      rent_period: 'WEEKLY',
      x_property_id: '42',
    });
    expect(query.columns).toEqual({ x_id: '7', integration_id: 'i' });
  });

  it('turns a reference into the field that names the record by its PMS id', () => {
    const [reference] = parse({ property_id: 'p' }).references;

    expect(reference).toMatchObject({ refersTo: 'properties', id: 'p' });
    expect(reference?.named('42')).toEqual({ x_property_id: '42' });
  });

  it('orders by several fields', () => {
    expect(parse({ 'order-by': 'last_name:asc,updated_at:desc' }).orderBy).toEqual([
      { field: 'last_name', direction: 'asc' },
      { field: 'updated_at', direction: 'desc' },
    ]);
  });

  it('takes moments with and without offset, the latter as UTC', () => {
    const query = parse({ updated_after: '2026-05-01T14:30:00', updated_before: '2026-05-01T14:30:00.5+02:00' });

    expect(query.updatedAfter).toEqual(new Date('2026-05-01T14:30:00Z'));
    expect(query.updatedBefore).toEqual(new Date('2026-05-01T12:30:00.500Z'));
    expect(parse({ updated_after: '2026-05-01' }).updatedAfter).toEqual(new Date('2026-05-01T00:00:00Z'));
  });

  it.each([
    [{ limit: '0' }, 'invalid_value', 'limit'],
    [{ limit: '251' }, 'invalid_value', 'limit'],
    [{ limit: '1e2' }, 'invalid_value', 'limit'],
    [{ offset: '-1' }, 'invalid_value', 'offset'],
    [{ nickname: 'x' }, 'unknown_field', 'nickname'],
    [{ constructor: 'x' }, 'unknown_field', 'constructor'],
    [{ id: 'x' }, 'unknown_field', 'id'],
    [{ pets: 'x' }, 'unknown_field', 'pets'],
    [{ custom_data: 'x' }, 'unknown_field', 'custom_data'],
    [{ is_primary: 'yes' }, 'invalid_value', 'is_primary'],
    [{ rent_due_day: '1.5' }, 'invalid_value', 'rent_due_day'],
    [{ rent_period: 'HOURLY' }, 'invalid_value', 'rent_period'],
    [{ updated_after: 'yesterday' }, 'invalid_format', 'updated_after'],
    [{ updated_before: '2026-13-01' }, 'invalid_format', 'updated_before'],
    [{ 'order-by': 'last_name:up' }, 'invalid_format', 'order-by'],
    [{ location_id: 'x' }, 'unknown_field', 'location_id'],
    [{ 'order-by': 'pets:asc' }, 'unknown_field', 'order-by'],
    [{ 'order-by': 'property_id:asc' }, 'unknown_field', 'order-by'],
  ])('refuses %j and names it', (parameters, code, name) => {
    const [issue, ...more] = issuesOf(parameters as Record<string, string>);

    expect(more).toEqual([]);
    expect(issue).toMatchObject({ pointer: '', parameter: name, code });
    expect(issue?.detail).toContain(name);
  });

  it('reports everything that is wrong, not the first only', () => {
    expect(issuesOf({ limit: 'x', nickname: 'y', 'order-by': 'a,b' })).toHaveLength(4);
  });

  it('orders upwards where no direction is named', () => {
    expect(parse({ 'order-by': 'updated_at' }).orderBy).toEqual([{ field: 'updated_at', direction: 'asc' }]);
  });

  it('lets a cursor say the order and the place, and nothing else beside it', () => {
    const last = { id: 'r1', created_at: new Date(5), updated_at: new Date(6), last_seen: new Date(7) };
    const cursor = cursorBehind(last, [{ field: 'updated_at', direction: 'asc' }]) ?? '';

    expect(parse({ cursor })).toMatchObject({
      orderBy: [{ field: 'updated_at', direction: 'asc' }],
      after: { field: 'updated_at', direction: 'asc', at: new Date(6), id: 'r1' },
    });
    expect(issuesOf({ cursor, 'order-by': 'updated_at:asc', offset: '0' })).toEqual([]);
    expect(issuesOf({ cursor, 'order-by': 'created_at:desc', offset: '5' })).toMatchObject([
      { parameter: 'order-by', code: 'conflict' },
      { parameter: 'offset', code: 'conflict' },
    ]);
    expect(cursorBehind(last, [{ field: 'last_name', direction: 'asc' }])).toBeNull();
  });

  it.each(['', 'x', 'WzFd', Buffer.from('["id","asc","1",""]').toString('base64url'), 'bnVsbA'])(
    'refuses the cursor "%s"',
    (cursor) => {
      expect(issuesOf({ cursor })).toMatchObject([{ parameter: 'cursor', code: 'invalid_value' }]);
    },
  );

  it('takes the published name of a filter for the field that it compares', () => {
    expect(parseRecordQuery(modelOf(Unit), { unit_number: '4B' }).fields).toEqual({ number: '4B' });
  });

  it('says what to use instead of a published filter that nothing is kept for', () => {
    expect(issuesOf({ location_id: 'x' })[0]?.detail).toContain('property_id');
  });
});
