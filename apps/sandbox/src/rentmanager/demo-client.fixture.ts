/** For specs only: calls on a fresh simulator with a clock that stands still until told to move. */
import type { Effect, SimulatedResponse, World } from '../simulator.ts';
import { RentManagerSimulator } from './rentmanager.simulator.ts';

export type Body = Record<string, unknown>;

export const MINUTE_MS = 60_000;
export const START = Date.parse('2026-04-01T09:00:00Z');

/** A client of the demo company, logged in. */
export class DemoClient {
  readonly effects: Effect[] = [];
  token: string;
  nowMs = START;
  world: World;
  private readonly simulator = new RentManagerSimulator();

  constructor() {
    const { effects } = this;
    this.world = {
      now: () => new Date(this.nowMs),
      record: (effect) => effects.push(effect),
      searchDelayMs: 0,
      rateLimits: false,
    };
    this.token = '';
    this.token = String(this.logIn().body);
  }

  /** @param body JSON text as it is, anything else as JSON. */
  call(method: string, target: string, body?: unknown, headers: Record<string, string> = {}): SimulatedResponse {
    const [path = '', query = ''] = target.split('?');
    const bytes = Buffer.from(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body));
    const sentHeaders = { 'x-rm12api-apitoken': this.token, ...headers };
    return this.simulator.handle(
      { method, path, query: new URLSearchParams(query), headers: sentHeaders, body: bytes },
      this.world,
    );
  }

  get(target: string, headers?: Record<string, string>): SimulatedResponse {
    return this.call('GET', target, undefined, headers);
  }

  post(target: string, body?: unknown): SimulatedResponse {
    return this.call('POST', target, body);
  }

  logIn(Password = 'sandbox'): SimulatedResponse {
    return this.call('POST', '/Authentication/AuthorizeUser', { Username: 'latchkey', Password, LocationID: 1 });
  }
}

export const one = (response: SimulatedResponse): Body => response.body as Body;
export const all = (response: SimulatedResponse): Body[] => response.body as Body[];
export const only = (response: SimulatedResponse): Body => all(response)[0] as Body;

export const TENANT = { PropertyID: 1, FirstName: 'Ida', LastName: 'Moss' };
export const CHARGE = { ChargeTypeID: 2, Amount: 50, TransactionDate: '2026-04-01', PropertyID: 1, UnitID: 11 };
