/**
 * What this worker process and its like know together of their PMS: how many they are, which hosts are out of order, which accounts want to be left
 * alone. It hears of it from the ledger, at once when something changes and again with every sign of life, and tells what its own calls show.
 *
 * Fails softly: without the ledger the last word holds, and what could not be told is told when the next call shows it again.
 */
import { WHOLE, type Outlook, type PmsClient, type Share } from '#adapter-kit';
import type { PmsDefinition } from '#capabilities';
import { observeCalls, subjectOf, tellCircumstances, type Circumstances, type MessageBus, type Observation } from '#messaging';

/** Calls are told of together that end within so much time. In milliseconds. */
const TELL_AFTER_MS = 50;
/** When a call may be tried again to a host that is out of order: the ledger is asked sooner whether it is. In milliseconds. */
const OUT_OF_ORDER_RETRY_MS = 5_000;

interface Known {
  readonly client: PmsClient;
  readonly host: string;
}
type Tally = { -readonly [Name in keyof Observation]: Observation[Name] };

export class Neighbourhood {
  private replicas: readonly string[] = [];
  private troubles: NonNullable<Circumstances['troubles']> = [];
  private readonly known = new Map<string, Known>();
  private readonly tallies = new Map<string, Tally>();
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly pms: PmsDefinition,
    private readonly bus: MessageBus,
    /** This process's name among those of the PMS. */
    readonly name: string,
  ) {}

  /** Begins to hear what all workers of the PMS are told. */
  listen(): void {
    this.bus.connection.subscribe(subjectOf(tellCircumstances, this.pms.slug), {
      callback: (failed, message) => {
        if (!failed) this.learn(message.json<Circumstances>());
      },
    });
  }

  learn({ replicas, troubles, pauses, gates }: Circumstances): void {
    if (troubles) this.troubles = troubles;
    for (const { integration_id, for_ms } of pauses ?? []) this.known.get(integration_id)?.client.pauseFor(for_ms);
    for (const { integration_id, held } of gates ?? []) this.known.get(integration_id)?.client.hold(held);
    if (!replicas) return;
    this.replicas = replicas;
    for (const [id, { client }] of this.known) client.divide(this.shareOf(id));
  }

  /** How an account looks at the world. Made before its client, which `adopt` then adds. */
  outlookOf(integrationId: string, baseUrl: string): Outlook {
    const host = new URL(baseUrl).origin;
    let wasTrouble = false;
    return {
      outOfOrder: () => {
        const trouble = this.troubles.find((one) => one.open && concerns(one, host, integrationId));
        return trouble && { reason: 'it is out of order', retryAfterMs: OUT_OF_ORDER_RETRY_MS };
      },
      saw: (trouble) => {
        const isWatched = wasTrouble || this.troubles.some((one) => concerns(one, host, integrationId));
        wasTrouble = trouble !== undefined;
        if (trouble !== undefined) this.tell(host, integrationId, { troubles: 1, reason: trouble });
        else if (isWatched) this.tell(host, integrationId, { answered: 1 });
      },
      askedToWait: (pause_ms) => this.tell(host, integrationId, { pause_ms }),
    };
  }

  /** An account was opened: it shares what is known, and the ledger hears where its calls go to. */
  adopt(integrationId: string, client: PmsClient): void {
    const host = new URL(client.account.baseUrl).origin;
    const before = this.known.get(integrationId);
    this.known.set(integrationId, { client, host });
    client.divide(this.shareOf(integrationId));
    if (before?.host !== host) this.tell(host, integrationId, {});
  }

  drop(integrationId: string): void {
    this.known.delete(integrationId);
  }

  /** Says no more: what a process sees that stops says nothing about the PMS. */
  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** Which of a limit's parts is ours differs from account to account: where there are fewer calls than processes, each process has some accounts. */
  private shareOf(integrationId: string): Share {
    const of = this.replicas.length;
    const index = this.replicas.indexOf(this.name);
    if (index < 0 || of < 2) return WHOLE;
    const offset = [...integrationId].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 65_521, 7);
    return { index: (index + offset) % of, of };
  }

  private tell(host: string, integration_id: string, what: Partial<Omit<Observation, 'host' | 'integration_id'>>): void {
    if (this.stopped) return;
    const key = `${integration_id} ${host}`;
    const tally = this.tallies.get(key) ?? { host, integration_id, answered: 0, troubles: 0, reason: null };
    this.tallies.set(key, tally);
    tally.answered += what.answered ?? 0;
    tally.troubles += what.troubles ?? 0;
    tally.reason = what.reason ?? tally.reason;
    if (what.pause_ms !== undefined) tally.pause_ms = Math.max(tally.pause_ms ?? 0, what.pause_ms);
    // The others may be about to call: a pause does not wait for company.
    if (what.pause_ms !== undefined) return this.flush();
    this.timer ??= setTimeout(() => this.flush(), TELL_AFTER_MS);
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const told = [...this.tallies.values()];
    this.tallies.clear();
    for (const one of told) this.bus.request(observeCalls, one, { pms: this.pms.slug }).catch(() => {});
  }
}

const concerns = (trouble: { host: string; integration_id: string }, host: string, integrationId: string): boolean =>
  trouble.host === host && (trouble.integration_id === '' || trouble.integration_id === integrationId);
