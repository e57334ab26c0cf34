/**
 * The contract between the sandbox and one simulated vendor.
 *
 * Promises: a simulator answers synchronously and keeps its records in memory, so each
 * effect is atomic. Sockets, faults, latency and the journal belong to the common part.
 * Fails: a simulator never throws for a request it dislikes; it answers as the vendor would.
 * A thrown error is a bug in the simulator and becomes a plain 500.
 */

/** One request as it came off the socket, after the vendor's prefix is cut away. */
export interface SimulatedRequest {
  readonly method: string;
  /** Without the vendor prefix and the query; letter case is kept. Starts with `/`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case; a repeated header is joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** The raw bytes; empty when nothing was sent. */
  readonly body: Buffer;
}

/** What the vendor answers. */
export interface SimulatedResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** `undefined` = empty; anything else is sent as JSON. */
  readonly body?: unknown;
}

/** One change of a vendor's records: what the journal proves. */
export interface Effect {
  /** The vendor's name of the changed resource, e.g. `LeaseTenant` or `Tenants`. */
  readonly resource: string;
  readonly action: 'create' | 'update' | 'delete' | 'action';
  readonly id: string;
  /** The parsed body as received. */
  readonly sent: unknown;
  /** The record after the change; the last state for a delete. */
  readonly record: unknown;
}

/** What surrounds a simulator for the length of one call. */
export interface World {
  now(): Date;
  record(effect: Effect): void;
  /** Records younger than this many ms are not yet found by searches and lists. */
  readonly searchDelayMs: number;
  /** Whether the vendor's rate limit is enforced; its headers are sent either way. */
  readonly rateLimits: boolean;
}

/** One simulated vendor. */
export interface Simulator {
  /** The vendor's name in the journal, e.g. `BUILDIUM`. */
  readonly vendor: string;
  /** First path segment that leads here, e.g. `buildium`. */
  readonly slug: string;
  /** The credentials that open the demo account, by the connector's field names. */
  readonly demoCredentials: Readonly<Record<string, string>>;
  handle(request: SimulatedRequest, world: World): SimulatedResponse;
  /** Back to the demo records. */
  reset(): void;
}
