/** One call after log-in: who asks what, about which location's records. */
import type { SimulatedRequest, World } from '../simulator.ts';
import { bindingError, Refusal } from './answers.ts';
import type { Records } from './records.ts';
import type { Session } from './save.ts';
import type { User } from './tokens.ts';

/** First segment of every path, before the vendor's own. */
export const SLUG = 'rentmanager';

export class Call implements Session {
  readonly segments: readonly string[];
  readonly now: Date;
  private readonly parameters: ReadonlyMap<string, string>;

  constructor(
    readonly request: SimulatedRequest,
    readonly world: World,
    readonly records: Records,
    readonly user: User,
  ) {
    this.segments = request.path.split('/').filter((segment) => segment !== '');
    this.now = world.now();
    this.parameters = parametersOf(request.query);
  }

  get userId(): number {
    return this.user.userId;
  }

  get saveOptions(): string {
    return this.parameter('saveOptions') ?? '';
  }

  /** A query parameter; names do not mind letter case. */
  parameter(name: string): string | undefined {
    return this.parameters.get(name.toLowerCase());
  }

  /** A query parameter that is a whole number. @throws Refusal (400) when it is something else */
  integer(name: string): number | undefined {
    const text = this.parameter(name);
    if (text === undefined) return undefined;
    if (!/^\d{1,9}$/.test(text)) throw new Refusal(bindingError(name, `'${text}' is no whole number.`));
    return Number(text);
  }

  /** The JSON body. @throws Refusal (400) when the bytes are no JSON */
  json(): unknown {
    return parseJson(this.request.body);
  }
}

export function parametersOf(query: URLSearchParams): ReadonlyMap<string, string> {
  return new Map([...query].map(([name, value]) => [name.toLowerCase(), value]));
}

export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch (cause) {
    const message = cause instanceof SyntaxError ? cause.message : 'not readable';
    throw new Refusal(bindingError('model', `The body is no JSON: ${message}`));
  }
}
