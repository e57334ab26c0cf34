/**
 * The life of trouble with a host, or with one integration's use of it. Pure.
 *
 *   well (no circuit) -> counting -> open -> (a probe is answered) recovering -> well
 *                           |          ^---------------------------- |  trouble again and again
 *                           '-> well (an answer, or quiet for a minute)
 *
 * Open: nothing is released and nothing is called but probes. Recovering: so many writes at once as there is `room`: it doubles from 1 while all
 * goes well (slow start); once something went wrong it is halved, and grows by one with every round from then on.
 */

export interface Circuit {
  readonly pms: string;
  readonly host: string;
  /** Empty: the whole host. */
  readonly integration_id: string;
  readonly open_since: number | null;
  /** In a row. */
  readonly troubles: number;
  readonly troubled: readonly string[];
  readonly reason: string | null;
  readonly room: number | null;
  readonly is_eager: boolean;
  readonly probed_at: number | null;
  readonly changed_at: number;
}
export type CircuitPlace = Pick<Circuit, 'pms' | 'host' | 'integration_id'>;

export interface Seen {
  readonly integration_id: string;
  readonly answered: number;
  readonly troubles: number;
  readonly reason: string | null;
}

/** Troubles in a row that open a circuit, and those that open it again while it recovers. */
const TROUBLES = 5;
const TROUBLES_AGAIN = 3;
/** So many integrations must have had trouble before it is the host's, if it has so many. */
export const ENOUGH_INTEGRATIONS = 3;
/** Troubles with so much quiet behind them are over. In milliseconds. */
export const QUIET_MS = 60_000;
/** With room for so many writes a host is well. */
const FULL_ROOM = 64;

/**
 * What becomes of a circuit; undefined: all is well.
 * @param integrations How many integrations of the host there are; what is beyond `ENOUGH_INTEGRATIONS` need not be counted
 */
export function afterSeen(
  place: CircuitPlace,
  circuit: Circuit | undefined,
  seen: Seen,
  integrations: number,
  now: number,
): Circuit | undefined {
  const calmer = circuit && seen.answered > 0 ? afterAnswers(circuit, seen.answered, now) : circuit;
  return seen.troubles > 0 ? afterTroubles(place, calmer, seen, integrations, now) : calmer;
}

function afterAnswers(circuit: Circuit, answered: number, now: number): Circuit | undefined {
  // Answers to what was under way when it opened say nothing about now; probes do.
  if (circuit.open_since !== null) return circuit;
  if (circuit.room === null) return undefined;
  const room = circuit.room + (circuit.is_eager ? answered : answered / circuit.room);
  return room >= FULL_ROOM ? undefined : { ...circuit, room, troubles: 0, troubled: [], changed_at: now };
}

function afterTroubles(place: CircuitPlace, before: Circuit | undefined, seen: Seen, integrations: number, now: number): Circuit {
  const isOver = before && before.open_since === null && before.room === null && before.changed_at < now - QUIET_MS;
  const circuit = before && !isOver ? before : nothingYet(place);
  const troubled = [...new Set([...circuit.troubled, seen.integration_id])].slice(0, 2 * ENOUGH_INTEGRATIONS);
  const next: Circuit = {
    ...circuit,
    troubled,
    troubles: circuit.troubles + seen.troubles,
    reason: seen.reason,
    changed_at: now,
  };
  if (circuit.open_since !== null) return next;
  if (circuit.room !== null) {
    const cautious: Circuit = { ...next, room: Math.max(1, circuit.room / 2), is_eager: false };
    return next.troubles >= TROUBLES_AGAIN ? opened(cautious, now) : cautious;
  }
  const needed = place.integration_id === '' ? Math.min(Math.max(1, integrations), ENOUGH_INTEGRATIONS) : 1;
  return next.troubles >= TROUBLES && troubled.length >= needed ? opened(next, now) : next;
}

/** The probe at once would meet the very same trouble: the first comes after the usual time. */
const opened = (circuit: Circuit, now: number): Circuit => ({ ...circuit, open_since: now, probed_at: now, room: null });

const nothingYet = (place: CircuitPlace): Circuit => ({
  ...place,
  open_since: null,
  troubles: 0,
  troubled: [],
  reason: null,
  room: null,
  is_eager: false,
  probed_at: null,
  changed_at: 0,
});

/** The host answered a probe. */
export const recovering = (circuit: Circuit, now: number): Circuit => ({
  ...circuit,
  open_since: null,
  troubles: 0,
  troubled: [],
  room: 1,
  is_eager: true,
  changed_at: now,
});
