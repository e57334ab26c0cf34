import { Account, Egress, PmsClient, SealBroken, systemClock, unseal, type Keys } from '#adapter-kit';
import type { PmsDefinition } from '#capabilities';
import { connectionOf, type MessageBus, type SealedConnection } from '#messaging';
import type { Neighbourhood } from './neighbourhood.ts';

/** How long an opened account is used before the directory is asked again whether it still stands. */
const REFRESH_AFTER_MS = 15_000;

/** Sessions that are not given back in this time end by themselves. In milliseconds. */
const LOG_OUT_MS = 3_000;

interface Opened {
  readonly client: PmsClient;
  readonly version: number;
  readonly baseUrl: string | null;
  askedAt: number;
}

/**
 * The accounts that this worker has open. One client per account, kept as long as its credentials stay the same, since limits and login tokens
 * belong to it. Credentials are opened here and nowhere else.
 */
export class Accounts {
  private readonly open = new Map<string, Opened>();

  constructor(
    private readonly pms: PmsDefinition,
    private readonly bus: MessageBus,
    private readonly egress: Egress,
    private readonly keys: Keys,
    private readonly neighbours: Neighbourhood,
  ) {}

  /**
   * The client of an integration; undefined when it is gone, inactive or another PMS's. `fresh` asks the directory even if it was asked lately.
   * @throws Problem when the directory does not answer, SealBroken when the key ring does not fit, UnusableAccount when the credentials can't be used
   */
  async clientOf(integrationId: string, options: { fresh?: boolean } = {}): Promise<PmsClient | undefined> {
    const known = this.open.get(integrationId);
    if (known && !options.fresh && performance.now() - known.askedAt < REFRESH_AFTER_MS) return known.client;
    try {
      return await this.lookUp(integrationId);
    } catch (error) {
      if (!(error instanceof SealBroken)) throw error;
      // Keys may have been added or taken away in this moment: once more, with the ring and the sealed value of now.
      await this.keys.reread();
      return this.lookUp(integrationId);
    }
  }

  /** A client that is used once, for credentials that are not stored yet. @throws UnusableAccount */
  trial(integrationId: string, credentials: Readonly<Record<string, string>>, baseUrl: string | null): PmsClient {
    return new PmsClient(new Account(this.pms, integrationId, credentials, baseUrl), this.egress);
  }

  /** Whether the directory has other credentials than those that a client was made with. @throws as `clientOf` does */
  async hasNewer(integrationId: string, used: PmsClient): Promise<boolean> {
    const now = await this.clientOf(integrationId, { fresh: true });
    return now !== undefined && now !== used;
  }

  /** Gives every session back, in so much time as there is: a PMS may allow an account a few at once, and a process that stops needs none. */
  async close(withinMs = LOG_OUT_MS): Promise<void> {
    const all = Promise.all([...this.open.values()].map(({ client }) => client.logOut()));
    await Promise.race([all, new Promise((resolve) => setTimeout(resolve, withinMs).unref())]);
  }

  private async lookUp(integrationId: string): Promise<PmsClient | undefined> {
    const connection = await this.bus.request(connectionOf, { integration_id: integrationId }, { pms: this.pms.slug });
    if (connection) return this.adopt(connection);
    void this.open.get(integrationId)?.client.logOut();
    this.open.delete(integrationId);
    this.neighbours.drop(integrationId);
    return undefined;
  }

  /**
   * The client that fits what the directory says. Nothing is awaited between looking and keeping, so that many who ask at once share one client,
   * and an answer that was overtaken by a newer one opens nothing.
   */
  private adopt(connection: SealedConnection): PmsClient {
    const { integration_id, base_url, sealed } = connection;
    const askedAt = performance.now();
    const known = this.open.get(integration_id);
    if (known && known.version > sealed.version) return known.client;
    if (known && known.version === sealed.version && known.baseUrl === base_url) {
      known.askedAt = askedAt;
      return known.client;
    }
    const account = this.unlock(connection);
    const outlook = this.neighbours.outlookOf(integration_id, account.baseUrl);
    const client = new PmsClient(account, this.egress, systemClock, outlook);
    this.neighbours.adopt(integration_id, client);
    this.open.set(integration_id, { client, version: sealed.version, baseUrl: base_url, askedAt });
    return client;
  }

  private unlock({ integration_id, organization_id, base_url, sealed }: SealedConnection): Account {
    const place = { organizationId: organization_id, integrationId: integration_id, version: sealed.version };
    const credentials = Object.fromEntries(
      Object.entries(sealed.fields).map(([field, value]) => [field, unseal(this.keys.ring, { ...place, field }, value)]),
    );
    return new Account(this.pms, integration_id, credentials, base_url);
  }
}
