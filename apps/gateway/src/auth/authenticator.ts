import type { Principal } from '#messaging';

/** For how long an answer is believed, in milliseconds: so long a revoked key may still work, or a new one be refused. */
const KNOWN_FOR_MS = 5_000;
const UNKNOWN_FOR_MS = 1_000;
const KEPT_AT_MOST = 10_000;

interface Entry {
  readonly principal: Promise<Principal | null>;
  /** Counts from the answer on; until then the request under way is shared. */
  until: number;
}

/** Says whose key has a hash, and remembers it for a few seconds. Failures to ask are not remembered. */
export class Authenticator {
  // In the order of their last use: the first is the one to forget.
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly ask: (hash: string) => Promise<Principal | null>,
    private readonly now: () => number = Date.now,
  ) {}

  /** Whether the next `identify` of this hash asks nobody. */
  remembers(hash: string): boolean {
    return (this.entries.get(hash)?.until ?? 0) > this.now();
  }

  /** @throws Problem `unavailable` when nobody can tell */
  async identify(hash: string): Promise<Principal | null> {
    const known = this.entries.get(hash);
    if (known) this.entries.delete(hash);
    const entry = known && known.until > this.now() ? known : this.begin(hash);
    this.entries.set(hash, entry);
    return entry.principal;
  }

  private begin(hash: string): Entry {
    const principal = this.ask(hash);
    const entry: Entry = { principal, until: Number.POSITIVE_INFINITY };
    principal.then(
      (found) => (entry.until = this.now() + (found ? KNOWN_FOR_MS : UNKNOWN_FOR_MS)),
      () => (entry.until = 0),
    );
    for (const oldest of this.entries.keys()) {
      if (this.entries.size < KEPT_AT_MOST) break;
      this.entries.delete(oldest);
    }
    return entry;
  }
}
