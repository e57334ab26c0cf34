import { describe, expect, it } from '@jest/globals';
import { validateSync } from 'class-validator';
import { checkShape, modelOf, type FieldSpec } from './index.ts';
import { Applicant } from './applicant.model.ts';
import { Lease } from './lease.model.ts';
import { ResidentCharge } from './resident-charge.model.ts';
import { Property } from './property.model.ts';
import { Resident } from './resident.model.ts';
import { Unit } from './unit.model.ts';

const resident = modelOf(Resident);
const applicant = modelOf(Applicant);

const check = (payload: object, model = resident) => checkShape(model, { ...payload });
const found = (payload: object, model = resident) =>
  check(payload, model).issues.map(({ pointer, code }) => `${code} ${pointer}`);

describe(checkShape.name, () => {
  it('takes a payload without fields', () => {
    expect(check({})).toEqual({ values: {}, issues: [], unknown: [] });
  });

  it('hands well-formed values through as they were sent', () => {
    const payload = { first_name: 'Ann', custom_data: { Parking: ['B12', { deep: true }] }, notes: null };

    expect(check(payload).values).toEqual(payload);
  });

  it('takes what published clients send in another JSON type for what it spells, and nothing else', () => {
    const property = modelOf(Property);

    expect(check({ is_active: 'false', square_footage: '1200' }, property).values).toEqual({
      is_active: false,
      square_footage: 1_200,
    });
    expect(check({ desired_lease_term_in_months: 12 }, applicant).values).toEqual({ desired_lease_term_in_months: '12' });
    expect(found({ is_active: 'yes', square_footage: '12 acres', year_built: '1998' }, property)).toEqual([
      'invalid_type /is_active',
      'invalid_type /square_footage',
      'invalid_type /year_built',
    ]);
    expect(found({ is_primary: 'true' })).toEqual(['invalid_type /is_primary']);
  });

  it('reports a name that the model does not have, and keeps the rest', () => {
    expect(check({ first_name: 'Ann', frist_name: 'Ann' })).toEqual({
      values: { first_name: 'Ann' },
      unknown: ['frist_name'],
      issues: [{ pointer: '/frist_name', code: 'unknown_field', detail: 'frist_name is not a field of the resident model.' }],
    });
  });

  it('takes names of an object prototype for unknown ones', () => {
    const payload: object = JSON.parse('{"__proto__": {"admin": true}, "constructor": 1, "toString": "x", "first_name": "Ann"}');

    const { values, unknown } = check(payload);

    expect(unknown).toEqual(['__proto__', 'constructor', 'toString']);
    expect(values).toEqual({ first_name: 'Ann' });
    expect(Object.getPrototypeOf(values)).toBe(Object.prototype);
  });

  it('lets no key of a part reach a prototype', () => {
    const payload: object = JSON.parse('{"pets": [{"type": "Dog", "__proto__": {"name": "sneaked"}, "constructor": {}}]}');

    const { values, unknown } = check(payload, applicant);

    expect(unknown).toEqual(['pets.0.__proto__', 'pets.0.constructor']);
    expect(values).toEqual({ pets: [{ type: 'Dog' }] });
    expect(values).not.toHaveProperty('pets.0.name');
  });

  it('refuses fields that callers can never set', () => {
    expect(found({ id: 'a', integration_vendor: 'b', balance_in_cents: 1, x_lease_id: '7' })).toEqual([
      'read_only_field /id',
      'read_only_field /integration_vendor',
      'read_only_field /balance_in_cents',
      'read_only_field /x_lease_id',
    ]);
  });

  it('refuses read-only fields of a part', () => {
    expect(found({ pets: [{ type: 'Dog', x_id: '7' }] }, applicant)).toEqual(['read_only_field /pets/0/x_id']);
    expect(check({ pets: [{ type: 'Dog', x_id: '7' }] }, applicant).values).toEqual({ pets: [{ type: 'Dog' }] });
  });

  it.each([
    ['text', { first_name: 7 }, 'invalid_type /first_name'],
    ['text', { first_name: ['Ann'] }, 'invalid_type /first_name'],
    ['text', { first_name: { toString: 'Ann' } }, 'invalid_type /first_name'],
    ['e-mail', { email_1: 'ann@' }, 'invalid_format /email_1'],
    ['e-mail', { email_1: 7 }, 'invalid_format /email_1'],
    ['telephone', { phone_1: 'call me' }, 'invalid_format /phone_1'],
    ['integer', { rent_due_day: 1.5 }, 'invalid_type /rent_due_day'],
    ['integer', { rent_due_day: '1' }, 'invalid_type /rent_due_day'],
    ['money', { monthly_income_in_cents: 5200.5 }, 'invalid_type /monthly_income_in_cents'],
    ['flag', { is_primary: 'true' }, 'invalid_type /is_primary'],
    ['enum', { rent_period: 'monthly' }, 'invalid_enum_value /rent_period'],
    ['enum', { rent_period: ['MONTHLY'] }, 'invalid_enum_value /rent_period'],
    ['reference', { lease_id: 42 }, 'invalid_type /lease_id'],
    ['reference', { lease_id: '../leases' }, 'invalid_format /lease_id'],
    ['json', { custom_data: [1] }, 'invalid_type /custom_data'],
    ['list', { attachments: { file_name: 'a' } }, 'invalid_type /attachments'],
  ])('refuses what is no %s: %j', (_kind, payload, issue) => {
    expect(found(payload)).toEqual([issue]);
    expect(check(payload).values).toEqual({});
  });

  it.each([
    ['too_long /middle_initial', { middle_initial: 'LE' }],
    ['too_long /notes', { notes: 'x'.repeat(65_536) }],
    ['too_small /rent_due_day', { rent_due_day: 0 }],
    ['too_big /rent_due_day', { rent_due_day: 32 }],
    ['too_small /monthly_income_in_cents', { monthly_income_in_cents: -1 }],
    ['too_big /monthly_income_in_cents', { monthly_income_in_cents: 2 ** 53 }],
  ])('reports %s', (issue, payload) => {
    expect(found(payload)).toEqual([issue]);
  });

  it('takes values that are just inside their limits', () => {
    expect(found({ notes: 'x'.repeat(65_535), rent_due_day: 31, monthly_income_in_cents: 0, middle_initial: '' })).toEqual([]);
  });

  it.each(['2026-02-28', '2024-02-29', '2026-02-28T23:59:59Z', '2026-02-28T23:59:59.123+05:30'])('takes %s for a day', (day) => {
    expect(found({ date_of_birth: day })).toEqual([]);
  });

  it.each([
    '2026-02-30',
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '26-02-01',
    '02/01/2026',
    '2026-02-01T25:00:00Z',
    20260201,
    '',
  ])('does not take %j for a day', (day) => {
    expect(found({ date_of_birth: day })).toEqual(['invalid_format /date_of_birth']);
  });

  it.each(['2026-05', '2026-05-01', '2026-05-01T00:00:00Z'])('takes %s for a month of the books', (month) => {
    expect(found({ post_month: month }, modelOf(ResidentCharge))).toEqual([]);
  });

  it.each(['2026-13', '2026', 'May 2026'])('does not take %s for a month of the books', (month) => {
    expect(found({ post_month: month }, modelOf(ResidentCharge))).toEqual(['invalid_format /post_month']);
  });

  it('takes null for every field, whatever its kind', () => {
    const names = [...resident.fields.values()].filter(({ readOnly }) => !readOnly).map(({ name }) => name);
    const payload = Object.fromEntries(names.map((name) => [name, null]));

    expect(check(payload)).toEqual({ values: payload, issues: [], unknown: [] });
  });

  it('says what is wrong inside a part, at its place', () => {
    const pets = [{ type: 'Dog' }, { type: 7, age_in_years: -1, wings: 2 }, { name: 'Rex' }];

    expect(found({ pets }, applicant)).toEqual([
      'invalid_type /pets/1/type',
      'too_small /pets/1/age_in_years',
      'unknown_field /pets/1/wings',
      'required /pets/2/type',
    ]);
  });

  it.each([null, 'Rex', 7, [], [{}]])('refuses %j as the entry of a list of parts', (entry) => {
    expect(found({ pets: [{ type: 'Dog' }, entry] }, applicant)).toEqual(['invalid_type /pets/1']);
    expect(check({ pets: [{ type: 'Dog' }, entry] }, applicant).values).toEqual({});
  });

  it.each(['x', 7, true, [{ agency_name: 'A' }]])('refuses %j as a part', (part) => {
    expect(found({ assistance: part }, applicant)).toEqual(['invalid_type /assistance']);
  });

  it('leaves unknown names out of a part, so that the rest can be used', () => {
    expect(check({ assistance: { agency_name: 'A', motto: 'B' } }, applicant)).toMatchObject({
      values: { assistance: { agency_name: 'A' } },
      unknown: ['assistance.motto'],
    });
  });

  it('looks at each entry of a list of ids', () => {
    expect(found({ associated_resident_ids: ['abc', 7, 'a b'] }, modelOf(Lease))).toEqual([
      'invalid_type /associated_resident_ids/1',
    ]);
    expect(found({ associated_resident_ids: ['abc', 'a b'] }, modelOf(Lease))).toEqual([
      'invalid_format /associated_resident_ids/1',
    ]);
  });

  it('escapes odd names in pointers', () => {
    expect(found({ 'a/b~c': 1 })).toEqual(['unknown_field /a~1b~0c']);
  });

  it('reports everything that is wrong at once', () => {
    const payload = {
      id: 'a',
      first_name: 7,
      middle_initial: 'LE',
      email_1: 'x',
      rent_period: 'YEARLY',
      shoe_size: 44,
      last_name: 'Ok',
    };

    expect(found(payload)).toEqual([
      'read_only_field /id',
      'invalid_type /first_name',
      'too_long /middle_initial',
      'invalid_format /email_1',
      'invalid_enum_value /rent_period',
      'unknown_field /shoe_size',
    ]);
    expect(check(payload).values).toEqual({ last_name: 'Ok' });
  });

  it('says in words what to send instead', () => {
    expect(check({ rent_period: 'YEARLY' }).issues).toEqual([
      { pointer: '/rent_period', code: 'invalid_enum_value', detail: 'rent_period must be one of MONTHLY, WEEKLY, DAILY.' },
    ]);
  });
});

describe('the rules that checkShape runs', () => {
  const ODD = [
    '',
    'x',
    '2026-02-30',
    '2026-05-01',
    'a@example.com',
    '5135550142',
    'x'.repeat(70_000),
    0,
    -1,
    1.5,
    1e16,
    true,
    {},
    [],
    ['x'],
    [7],
  ];
  // `alsoAs` is the one thing in which checkShape is more generous.
  const plain = ({ readOnly, element, alsoAs }: FieldSpec) => !readOnly && !element && !alsoAs;

  it.each([Resident, Applicant, Lease, ResidentCharge, Unit])(
    'refuse on %p what class-validator refuses, and nothing else',
    (type) => {
      const model = modelOf(type);
      for (const { name } of [...model.fields.values()].filter(plain)) {
        for (const value of ODD) {
          const refused = validateSync(Object.assign(new type(), { [name]: value })).length > 0;

          expect([name, value, check({ [name]: value }, model).issues.length > 0]).toEqual([name, value, refused]);
        }
      }
    },
  );
});
