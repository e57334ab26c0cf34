import type { PmsDefinition } from '#capabilities';

/** A customer's account at a PMS, opened: it lives in a worker's memory only. */
export class Account {
  readonly baseUrl: string;
  // A private field: neither JSON.stringify nor an inspected object shows it.
  readonly #credentials: Readonly<Record<string, string>>;

  /** @throws Error in words when the credentials do not make an address. */
  constructor(
    readonly pms: PmsDefinition,
    readonly integrationId: string,
    credentials: Readonly<Record<string, string>>,
    baseUrl: string | null,
  ) {
    this.#credentials = credentials;
    this.baseUrl = (baseUrl ?? pms.baseUrl(credentials)).replace(/\/+$/, '');
  }

  get credentials(): Readonly<Record<string, string>> {
    return this.#credentials;
  }
}
