/** For the specs: a simulator with its world, and calls that carry the demo key. */
import type { Effect, SimulatedResponse } from '../simulator.ts';
import { BuildiumSimulator } from './buildium.simulator.ts';

export const keyHeaders = { 'x-buildium-client-id': 'demo-client', 'x-buildium-client-secret': 'demo-secret' };

export class Calls {
  readonly simulator = new BuildiumSimulator();
  readonly effects: Effect[] = [];
  now = new Date('2026-05-01T12:00:00.500Z');
  searchDelayMs = 0;
  rateLimits = false;
  headers: Record<string, string> = { ...keyHeaders, 'content-type': 'application/json' };

  send(method: string, url: string, body?: unknown): SimulatedResponse {
    const { pathname: path, searchParams: query } = new URL(url, 'http://sandbox');
    const bytes = Buffer.from(typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body));
    const { searchDelayMs, rateLimits } = this;
    const world = { now: () => this.now, record: (effect: Effect) => void this.effects.push(effect), searchDelayMs, rateLimits };
    return this.simulator.handle({ method, path, query, headers: this.headers, body: bytes }, world);
  }

  get(url: string): SimulatedResponse {
    return this.send('GET', url);
  }

  /** The record at a path that must be there. */
  read<T>(url: string): T {
    const { status, body } = this.get(url);
    if (status !== 200) throw new Error(`${url} answered ${status}`);
    return body as T;
  }

  /** The answer to a write that must succeed. */
  write<T>(method: 'POST' | 'PUT', url: string, body: unknown): T {
    const answer = this.send(method, url, body);
    if (answer.status >= 300) throw new Error(`${url} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body as T;
  }
}

/** The member names that a refusal complains of. */
export const keysOf = ({ body }: SimulatedResponse): string[] =>
  (body as { Errors: { Key: string }[] }).Errors.map(({ Key }) => Key);

export const someAddress = { AddressLine1: '1 Test Way', State: 'OR', PostalCode: '97201', Country: 'UnitedStates' };
export const someTenant = { FirstName: 'Ada', LastName: 'Novak', Address: someAddress };
