export const SCOPES = ['read', 'write', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** Who is asking: the organization behind an API key. Every request that a customer caused carries it, and every look-up is scoped by it. */
export interface Principal {
  readonly organization_id: string;
  readonly key_id: string;
  readonly scopes: readonly Scope[];
}
