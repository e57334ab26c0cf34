/**
 * What the workers of a PMS must know to act as one: who they are, which hosts are out of order, whose account wants to be left alone. They tell
 * what they see; Postgres remembers; every change is told to all of them at once, and each hears all of it again with its next sign of life, so
 * a message that gets lost costs seconds.
 *
 * Fails softly: what can't be remembered is reported and seen again. No promise about a write rests on it.
 */
import {
  probeHost,
  subjectOf,
  tellCircumstances,
  type Attach,
  type Circumstances,
  type MessageBus,
  type Observation,
  type Trouble,
} from '#messaging';
import { afterSeen, recovering, type Circuit } from '../decide/outage.ts';
import {
  circuitsOf,
  dueForProbe,
  forgetParts,
  forgetQuiet,
  lockHost,
  proberOf,
  putOffDoubts,
  rememberHost,
  save,
} from '../store/circuits.ts';
import type { Database } from '../store/database.ts';
import { dropSilent, replicaLeft, replicasOf, sawReplica } from '../store/replicas.ts';

/** At most one probe of a host in this time, whichever replica of us asks for it. In milliseconds. */
const PROBE_EVERY_MS = 5_000;
/** Pauses that a worker which starts is told of; those it is not told of it learns from the PMS. */
const MOST_PAUSES = 1_000;

export interface CircumstancesOptions {
  /** There is room again at a PMS. */
  readonly onRoom: (pms: string) => void;
  /** A host went out of order, or came back. */
  readonly onTurn: (what: 'opened' | 'closed', circuit: Circuit) => void;
  readonly onTrouble: (error: unknown) => void;
}

const PAUSE = `
  insert into ledger.gate (integration_id, pms, paused_until)
  values ($1, $2, clock_timestamp() + make_interval(secs => $3::float8))
  on conflict (integration_id) do update set paused_until = greatest(gate.paused_until, excluded.paused_until)`;
const PAUSES = `
  select integration_id, ceil(extract(epoch from paused_until - clock_timestamp()) * 1000)::float8 as for_ms
  from ledger.gate where pms = $1 and paused_until > clock_timestamp() order by paused_until desc limit ${MOST_PAUSES}`;

export class CircumstancesKeeper {
  private readonly probes = new Set<Promise<void>>();

  constructor(
    private readonly database: Database,
    private readonly bus: MessageBus,
    private readonly options: CircumstancesOptions,
  ) {}

  /** Remembers a worker process and answers with all that it must know. */
  async attend(pms: string, { replica, leaving = false }: Attach): Promise<Circumstances> {
    if (replica !== undefined) {
      const isChange = leaving ? await replicaLeft(this.database, pms, replica) : await sawReplica(this.database, pms, replica);
      // Before the newcomer is answered: the others give up their share before it takes it.
      if (isChange) await this.tellReplicas(pms);
    }
    const [replicas, troubles, pauses] = await Promise.all([
      replicasOf(this.database, pms),
      this.troublesOf(pms),
      this.database.run<{ integration_id: string; for_ms: number }>(PAUSES, pms),
    ]);
    return { replicas, troubles, pauses };
  }

  /** What a worker saw. @throws when the database does not answer: the worker says it again */
  async observe(pms: string, seen: Observation): Promise<void> {
    const { host, integration_id, pause_ms } = seen;
    await rememberHost(this.database, pms, integration_id, host);
    if (pause_ms !== undefined && pause_ms > 0) {
      await this.database.run(PAUSE, integration_id, pms, pause_ms / 1_000);
      this.tell(pms, { pauses: [{ integration_id, for_ms: pause_ms }] });
    }
    if (seen.answered > 0 || seen.troubles > 0) await this.judge(pms, seen);
  }

  /** To every worker of a PMS. Best effort. */
  tell(pms: string, circumstances: Circumstances): void {
    this.bus.connection.publish(subjectOf(tellCircumstances, pms), JSON.stringify(circumstances));
  }

  /** An integration was held or opened by hand. */
  async gateTurned(integration_id: string, held: boolean): Promise<void> {
    const [gate] = await this.database.run<{ pms: string | null }>(
      'select pms from ledger.gate where integration_id = $1',
      integration_id,
    );
    if (gate?.pms) this.tell(gate.pms, { gates: [{ integration_id, held }] });
  }

  /** Part of each sweep. Does not wait for the probes that it begins. */
  async look(): Promise<void> {
    for (const circuit of await dueForProbe(this.database, PROBE_EVERY_MS)) {
      const probe = this.probe(circuit)
        .catch((error: unknown) => this.options.onTrouble(error))
        .finally(() => this.probes.delete(probe));
      this.probes.add(probe);
    }
    await putOffDoubts(this.database);
    for (const { pms } of await forgetQuiet(this.database)) await this.tellTroubles(pms);
    for (const pms of new Set((await dropSilent(this.database)).map((gone) => gone.pms))) await this.tellReplicas(pms);
  }

  /** Resolves when no probe is under way. */
  async drain(): Promise<void> {
    await Promise.all(this.probes);
  }

  private async judge(pms: string, seen: Observation): Promise<void> {
    const { host, integration_id } = seen;
    const changes = await this.database.transaction(async (session) => {
      const { whole, part, integrations, now } = await lockHost(session, pms, host, integration_id);
      const all = afterSeen({ pms, host, integration_id: '' }, whole, seen, integrations, now);
      await save(session, whole, all);
      const isWhole = all?.open_since != null || all?.room != null;
      // With one integration its trouble is the host's.
      const own = isWhole || integrations < 2 ? undefined : afterSeen({ pms, host, integration_id }, part, seen, 1, now);
      await save(session, part, own);
      if (all?.open_since != null && whole?.open_since == null) await forgetParts(session, pms, host);
      return [
        { before: whole, after: all },
        { before: part, after: own },
      ];
    });
    await this.announce(pms, changes);
  }

  private async probe(circuit: Circuit): Promise<void> {
    const { pms, host, integration_id } = circuit;
    const through = await proberOf(this.database, circuit);
    if (through === undefined) return;
    const { reached } = await this.bus.request(probeHost, { integration_id: through }, { pms });
    if (!reached) return;
    const change = await this.database.transaction(async (session) => {
      const { whole, part, now } = await lockHost(session, pms, host, integration_id);
      const before = integration_id === '' ? whole : part;
      if (before?.open_since == null) return undefined;
      const after = recovering(before, now);
      await save(session, before, after);
      return { before, after };
    });
    if (change) await this.announce(pms, [change]);
  }

  private async announce(
    pms: string,
    changes: readonly { readonly before: Circuit | undefined; readonly after: Circuit | undefined }[],
  ): Promise<void> {
    const isOpen = (circuit: Circuit | undefined): boolean => circuit?.open_since != null;
    const turned = changes.filter(({ before, after }) => isOpen(before) !== isOpen(after) || !before !== !after);
    if (turned.length > 0) await this.tellTroubles(pms);
    for (const { before, after } of changes) {
      if (after && !isOpen(before) && isOpen(after)) this.options.onTurn('opened', after);
      if (before && isOpen(before) && !isOpen(after)) this.options.onTurn('closed', before);
    }
    const roomOf = (circuit: Circuit | undefined): number => (isOpen(circuit) ? 0 : Math.floor(circuit?.room ?? Infinity));
    if (changes.some(({ before, after }) => roomOf(after) > roomOf(before))) this.options.onRoom(pms);
  }

  private async troublesOf(pms: string): Promise<Trouble[]> {
    const circuits = await circuitsOf(this.database, pms);
    return circuits.map(({ host, integration_id, open_since }) => ({ host, integration_id, open: open_since !== null }));
  }

  private async tellTroubles(pms: string): Promise<void> {
    this.tell(pms, { troubles: await this.troublesOf(pms) });
  }

  private async tellReplicas(pms: string): Promise<void> {
    this.tell(pms, { replicas: await replicasOf(this.database, pms) });
    await this.bus.connection.flush();
  }
}
