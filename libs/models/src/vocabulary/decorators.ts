import {
  IsArray,
  IsBoolean,
  IsDefined,
  IsEmail,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateNested,
  type ValidationOptions,
} from 'class-validator';
import type { IssueCode } from '#problem';
import { registerField, type FieldKind, type FieldSpec, type PartClass } from './field.ts';
import { isCalendarDate, isInstant } from './dates.ts';
import { isLongerThan } from './length.ts';

/** What every field decorator takes: the words and the example are required, because customers read them. */
export interface FieldOptions {
  readonly description: string;
  readonly example: unknown;
  /** @default false */
  readonly readOnly?: boolean;
  /** For fields of parts only, see FieldSpec. @default false */
  readonly required?: boolean;
  readonly deprecated?: string;
  /** See FieldSpec; for flags, integers and texts. */
  readonly alsoAs?: 'text' | 'number';
}

/** Free text. `maxLength` counts code points, as JSON Schema does, and is the loosest limit of all PMSs. @default 65535 */
export function Text(options: FieldOptions & { maxLength?: number }): PropertyDecorator {
  const maxLength = options.maxLength ?? 65_535;
  return field('text', { ...options, maxLength }, [
    IsString(says('invalid_type', 'must be text')),
    satisfies(
      'hasAtMost',
      (value) => typeof value === 'string' && !isLongerThan(maxLength, value),
      'too_long',
      `must have at most ${maxLength} characters`,
    ),
  ]);
}

export function Email(options: FieldOptions): PropertyDecorator {
  return field('email', { ...options, maxLength: 254 }, [IsEmail({}, says('invalid_format', 'must be an e-mail address'))]);
}

const PHONE = /^[+()\d][\d\s().+xX#*-]{1,49}$/;

/** A telephone number as people write it; each PMS says which lengths it takes. */
export function Phone(options: FieldOptions): PropertyDecorator {
  return field('phone', { ...options, maxLength: 50, pattern: PHONE.source }, [
    IsString(says('invalid_type', 'must be text')),
    Matches(PHONE, says('invalid_format', 'must be a telephone number, such as (513) 555-0142')),
  ]);
}

/** A day without a zone. */
export function CalendarDate(options: FieldOptions): PropertyDecorator {
  return field('date', options, [satisfies('isCalendarDate', isCalendarDate, 'invalid_format', 'must be a date, YYYY-MM-DD')]);
}

const MONTH = /^\d{4}-(0[1-9]|1[0-2])(-\d{2}(T.*)?)?$/;

/** A month of the books, `YYYY-MM`. Of a date or date-time only year and month count. */
export function Month(options: FieldOptions): PropertyDecorator {
  return field('text', { ...options, maxLength: 35, pattern: MONTH.source }, [
    IsString(says('invalid_type', 'must be text')),
    Matches(MONTH, says('invalid_format', 'must be a month, YYYY-MM')),
  ]);
}

/** A moment in time. */
export function Instant(options: FieldOptions): PropertyDecorator {
  return field('instant', options, [
    satisfies('isInstant', isInstant, 'invalid_format', 'must be an ISO 8601 date-time, such as 2026-05-01T14:30:00Z'),
  ]);
}

export function Integer(options: FieldOptions & Bounds): PropertyDecorator {
  return field('integer', options, [IsInt(says('invalid_type', 'must be an integer')), ...bounds(options)]);
}

export function Decimal(options: FieldOptions & Bounds): PropertyDecorator {
  return field('number', options, [
    IsNumber({ allowNaN: false, allowInfinity: false }, says('invalid_type', 'must be a number')),
    ...bounds(options),
  ]);
}

/** An integer of cents in the currency of the PMS account. */
export function MoneyInCents(options: FieldOptions & Bounds): PropertyDecorator {
  // Beyond this a JSON number no longer holds every cent.
  const limits = { minimum: options.minimum ?? -Number.MAX_SAFE_INTEGER, maximum: options.maximum ?? Number.MAX_SAFE_INTEGER };
  return field('money', { ...options, ...limits }, [
    IsInt(says('invalid_type', 'must be an integer of cents')),
    ...bounds(limits),
  ]);
}

export function Flag(options: FieldOptions): PropertyDecorator {
  return field('boolean', options, [IsBoolean(says('invalid_type', 'must be true or false'))]);
}

/** One of a closed set that is the same for every PMS; where the sets differ, use Text and let each PMS say its own. */
export function OneOf(values: readonly string[], options: FieldOptions): PropertyDecorator {
  return field('enum', { ...options, values }, [
    IsIn([...values], says('invalid_enum_value', `must be one of ${values.join(', ')}`)),
  ]);
}

const EXAMPLE_ID = 'k3v9m2q7x1c8b4n6z5t0w2y7r';
const ID = /^[A-Za-z0-9_-]{1,64}$/;

/** The Latchkey id of a record of another model. Reads also carry its PMS id, in the field of the same name with `x_` before it. */
export function Reference(refersTo: string, options: Omit<FieldOptions, 'example'>): PropertyDecorator {
  return field('reference', { ...options, refersTo, example: EXAMPLE_ID }, [
    IsString(says('invalid_type', 'must be an id, as text')),
    Matches(ID, says('invalid_format', 'must be an id')),
  ]);
}

/** The Latchkey ids of records of another model, with the PMS ids in the field of the same name with `x_` before it. */
export function ReferenceList(refersTo: string, options: Omit<FieldOptions, 'example'>): PropertyDecorator {
  return field('list', { ...options, refersTo, example: [EXAMPLE_ID] }, [
    IsArray(says('invalid_type', 'must be a list')),
    IsString({ ...says('invalid_type', 'must hold only ids, as texts'), each: true }),
    Matches(ID, { ...says('invalid_format', 'must hold only ids'), each: true }),
  ]);
}

/** Anything JSON, handed through as it is. */
export function Json(options: FieldOptions): PropertyDecorator {
  return field('json', options, [IsObject(says('invalid_type', 'must be an object'))]);
}

/** One part. The checks of its fields run on an instance of its class, which checkShape makes. */
export function ObjectOf(element: () => PartClass, options: FieldOptions): PropertyDecorator {
  return field('object', { ...options, element }, [IsObject(says('invalid_type', 'must be an object')), ValidateNested()]);
}

/** A list of parts. That each entry is an object is checkShape's to say: class-validator lets nulls and lists pass. */
export function ListOf(element: () => PartClass, options: FieldOptions): PropertyDecorator {
  return field('list', { ...options, element }, [
    IsArray(says('invalid_type', 'must be a list')),
    ValidateNested({ each: true }),
  ]);
}

/** A list of plain texts. */
export function TextList(options: FieldOptions): PropertyDecorator {
  return field('list', options, [
    IsArray(says('invalid_type', 'must be a list')),
    IsString({ ...says('invalid_type', 'must hold only texts'), each: true }),
  ]);
}

interface Bounds {
  readonly minimum?: number;
  readonly maximum?: number;
}

function bounds({ minimum, maximum }: Bounds): PropertyDecorator[] {
  return [
    ...(minimum === undefined ? [] : [Min(minimum, says('too_small', `must be at least ${minimum}`))]),
    ...(maximum === undefined ? [] : [Max(maximum, says('too_big', `must be at most ${maximum}`))]),
  ];
}

function field(
  kind: FieldKind,
  options: Partial<FieldSpec> & FieldOptions,
  rules: readonly PropertyDecorator[],
): PropertyDecorator {
  return (prototype, key) => {
    const name = String(key);
    registerField(prototype, { ...options, name, kind, readOnly: options.readOnly ?? false });
    // A null clears a value where the PMS allows it; whether it does is the capability's to say, not the shape's.
    const presence = options.required ? IsDefined(says('required', 'is required')) : IsOptional();
    for (const rule of [presence, ...rules]) rule(prototype, key);
  };
}

/** The code travels in the rule's context, so that a message can be reworded without breaking a program. */
function says(code: IssueCode, requirement: string): ValidationOptions {
  return { message: `$property ${requirement}.`, context: { code } };
}

function satisfies(name: string, test: (value: unknown) => boolean, code: IssueCode, requirement: string): PropertyDecorator {
  return ValidateBy({ name, validator: { validate: test } }, says(code, requirement));
}
