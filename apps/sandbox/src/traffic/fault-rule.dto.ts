/**
 * The body of `POST /_faults`: which calls go wrong, how, and how often.
 *
 * Promises: a rule that passes here can be played. Fails: anything else is refused with one sentence per mistake.
 */
import {
  Allow,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Max,
  Min,
  ValidateBy,
  ValidateIf,
  type ValidationArguments,
} from 'class-validator';

/** What can go wrong. Each kind is explained at `FAULTS` in `fault-replies.ts`. */
export const FAULT_KINDS = ['hang', 'reset', 'status', 'truncate', 'garbage', 'slow', 'rate_limit', 'empty', 'page'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

const ONE_HOUR_MS = 3_600_000;

export class FaultRule {
  /** Only calls to this vendor. @default every vendor */
  @IsOptional()
  @IsString()
  vendor?: string;

  /** Only this HTTP method. @default every method */
  @IsOptional()
  @IsIn(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'])
  method?: string;

  /** Regular expression that the path without the vendor's prefix (and without the query) must match. */
  @IsOptional()
  @IsRegularExpression()
  path?: string;

  /** How many calls the rule hits; 0 = until deleted. @default 1 */
  @IsOptional()
  @IsInt()
  @Min(0)
  times?: number;

  /** How many matching calls pass unharmed first. @default 0 */
  @IsOptional()
  @IsInt()
  @Min(0)
  skip?: number;

  /** before = the call never reaches the vendor's records; after = it takes effect, then the answer goes wrong. */
  @IsIn(['before', 'after'])
  when!: 'before' | 'after';

  @IsIn(FAULT_KINDS)
  kind!: FaultKind;

  /** Needed by kind `status`; kinds `truncate` and `garbage` use it too. @default 200 */
  @ValidateIf((rule: FaultRule) => rule.kind === 'status' || rule.status !== undefined)
  @IsInt()
  @Min(200)
  @Max(599)
  status?: number;

  /** Sent as JSON by the kinds `status` and `rate_limit`. */
  @Allow()
  body?: unknown;

  /** Further response headers. */
  @IsOptional()
  @IsObject()
  @HasTextValues()
  headers?: Record<string, string>;

  /** Wait this long first; needed by kind `slow`, allowed with every kind. */
  @ValidateIf((rule: FaultRule) => rule.kind === 'slow' || rule.delay_ms !== undefined)
  @IsInt()
  @Min(0)
  @Max(ONE_HOUR_MS)
  delay_ms?: number;

  /** Value of Retry-After with kind `rate_limit`, in seconds. @default no such header */
  @IsOptional()
  @IsInt()
  @Min(0)
  retry_after?: number;
}

function IsRegularExpression(): PropertyDecorator {
  return ValidateBy({
    name: 'isRegularExpression',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && compiles(value),
      defaultMessage: (args?: ValidationArguments) => `${args?.property ?? 'value'} must be a valid regular expression`,
    },
  });
}

function HasTextValues(): PropertyDecorator {
  return ValidateBy({
    name: 'hasTextValues',
    validator: {
      validate: (value: unknown) =>
        typeof value === 'object' && value !== null && Object.values(value).every((text) => typeof text === 'string'),
      defaultMessage: (args?: ValidationArguments) => `every value in ${args?.property ?? 'value'} must be a string`,
    },
  });
}

function compiles(pattern: string): boolean {
  try {
    new RegExp(pattern);
    return true;
  } catch {
    return false;
  }
}
