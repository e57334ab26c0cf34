/** Where there may be something to release now: integrations, by PMS. A hint, lost with the process; the sweeper finds what it was about. */
export interface Waiting {
  readonly pms: string;
  readonly integration_id: string;
  readonly organization_id: string;
}

export class Stirred {
  private readonly byPms = new Map<string, Map<string, string>>();

  add({ pms, integration_id, organization_id }: Waiting): void {
    const integrations = this.byPms.get(pms) ?? new Map<string, string>();
    this.byPms.set(pms, integrations.set(integration_id, organization_id));
  }

  /** Each PMS with its integrations: integration -> organization. */
  [Symbol.iterator](): Iterator<[string, ReadonlyMap<string, string>]> {
    return this.byPms.entries();
  }
}
