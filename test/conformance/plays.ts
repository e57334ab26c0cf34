/**
 * Everything that an adapter does with a PMS, each played once with a simulator so that it can be played again with spoiled answers, and what its
 * result may claim then: a success, a refusal or an absence only where the answers that went over the wire prove it. The proof is looked for here
 * by the book (HTTP and JSON), not by the kit.
 */
import { perform, readOne, readPage, reconcile, type Job, type PmsClient } from '#adapter-kit';
import { operationOf, verdictOf, type Capability, type OperationSpec, type PmsDefinition, type StepResult } from '#capabilities';
import { Problem } from '#problem';
import { fullSample, idsOf, jobOf, type DemoAccount } from './accounts.ts';
import { isProof, told, valuesAt } from './proof.ts';
import type { Exchanged, ReplayingVendor } from './replay.ts';

export interface Played {
  /** How it ended, in a word. */
  readonly ended: string;
  /** What the ending claims and the exchanges do not prove. */
  readonly faultsIn: (exchanged: readonly Exchanged[]) => readonly string[];
}

export interface Play {
  readonly name: string;
  readonly act: (client: PmsClient) => Promise<Played>;
  /** What was exchanged when all answers were as they should be, and how it ended then. */
  readonly known: readonly Exchanged[];
  readonly ended: string;
}

type Act = Pick<Play, 'name' | 'act'>;
const HOUR_MS = 3_600_000;

/** Plays everything once. Creates come first, so that what is searched for and read back exists. */
export async function playsOf({ pms }: DemoAccount, vendor: ReplayingVendor, client: PmsClient): Promise<readonly Play[]> {
  vendor.record();
  const ids = await idsOf(pms, client);
  const plays: Play[] = [];
  const play = async (act: Act): Promise<void> => {
    vendor.record();
    // A client of its own would log in first; this one did already, so what it was told then goes before.
    const { ended } = await act.act(client);
    plays.push({ ...act, known: [...logins, ...vendor.exchanged], ended });
  };
  const logins = vendor.exchanged.filter(({ method }) => method === 'POST');
  await play({ name: 'probe', act: probing });
  for (const capability of pms.capabilities.values()) {
    const writing = [creating(pms, capability, ids, vendor), updating(pms, capability, ids, vendor)];
    for (const act of [...writing.flat(), ...reading(capability, ids)]) await play(act);
  }
  return plays;
}

const probing: Act['act'] = async (client) => {
  const { verdict } = await client.probe();
  return { ended: verdict, faultsIn: (exchanged) => (verdict === 'done' ? unproven(exchanged.slice(-1)) : []) };
};

function creating(pms: PmsDefinition, capability: Capability, ids: ReadonlyMap<string, string>, vendor: ReplayingVendor): Act[] {
  const operation = operationOf(capability, 'create');
  if (!operation) return [];
  const job = jobOf(pms, capability, 'create', fullSample(pms, capability, 'create', ids), ids);
  const name = `${capability.model.path} create`;
  const first = { step: operation.steps[0].name, memo: {} };
  const looking = (what: string): Act => ({
    name: `${name}, ${what}`,
    act: (client) => looked(client, job, operation, first, {}),
  });
  const isSearched = operation.doubt.policy === 'search';
  return [
    ...(isSearched ? [looking('looked for in vain')] : []),
    { name, act: (client) => written(client, job, operation, vendor) },
    ...(isSearched ? [looking('looked for')] : []),
  ];
}

function updating(pms: PmsDefinition, capability: Capability, ids: ReadonlyMap<string, string>, vendor: ReplayingVendor): Act[] {
  const operation = operationOf(capability, 'update');
  if (!operation) return [];
  const job = jobOf(pms, capability, 'update', fullSample(pms, capability, 'update', ids), ids);
  const name = `${capability.model.path} update`;
  const memos: Record<string, Readonly<Record<string, unknown>>> = {};
  const [{ name: step }] = operation.steps;
  return [
    { name, act: (client) => written(client, job, operation, vendor, memos) },
    {
      name: `${name}, read back`,
      act: (client) => looked(client, job, operation, { step, memo: memos[step] ?? {} }, {}),
    },
  ];
}

/** Performs a write and says what its ending claims. */
async function written(
  client: PmsClient,
  job: Job,
  operation: OperationSpec,
  vendor: ReplayingVendor,
  memos: Record<string, Readonly<Record<string, unknown>>> = {},
): Promise<Played> {
  const finished = new Map<string, StepResult>();
  const sent: string[] = [];
  const { outcome, finished: last } = await perform(client, job, {
    sending: async (step, memo) => {
      vendor.step = step;
      memos[step] ??= memo;
      sent.push(step);
    },
    finished: async (step, result) => void finished.set(step, result),
  });
  if (last) finished.set(last.step, last.result);
  return {
    ended: outcome.kind,
    faultsIn: (exchanged) => {
      const answersTo = (step: string) => exchanged.filter((one) => one.step === step).slice(-1);
      const claimed = [...finished].flatMap(([step, result]) => [
        ...unproven(answersTo(step)),
        ...wrongId(operation, step, result, answersTo(step)),
      ]);
      if (outcome.kind === 'succeeded') {
        const unfinished = sent.filter((step) => !finished.has(step));
        const id = job.recordId ?? finished.get(operation.idFrom ?? operation.steps[0].name)?.x_id ?? null;
        return [
          ...claimed,
          ...unfinished.map((step) => `${step} was sent and not proven`),
          ...(outcome.x_id === id && (id !== null || job.operation === 'update') ? [] : [`its id is not ${id}`]),
        ];
      }
      const open = sent.at(-1);
      if (outcome.kind === 'doubt' || open === undefined || finished.has(open)) return claimed;
      return [...claimed, ...notWithoutEffect(client.account.pms, answersTo(open))];
    },
  };
}

/** A text may name another record, whatever it says; one of control characters, or none at all, names nothing. */
const isTextOfAnId = (id: unknown): boolean =>
  typeof id === 'string' && id.trim() !== '0' && /^[^\p{Cc}\ufffd]{1,128}$/u.test(id.trim());

/** Looks for the effect of a write in doubt, as often as it takes to believe that there is none. */
async function looked(
  client: PmsClient,
  job: Job,
  operation: OperationSpec,
  inDoubt: { readonly step: string; readonly memo: Readonly<Record<string, unknown>> },
  done: Job['done'],
): Promise<Played> {
  const sentAt = new Date(Date.now() - HOUR_MS);
  const { outcome, finished } = await reconcile(client, { ...job, done }, { ...inDoubt, sentAt }, 9);
  return {
    ended: outcome.kind,
    faultsIn: (exchanged) => {
      const reads = counting(exchanged.filter(({ method }) => method === 'GET'));
      const sent = exchanged.filter(({ step }) => step !== undefined).map(({ path }) => `${path} was sent while looking`);
      if (outcome.kind !== 'succeeded' && outcome.kind !== 'resume' && outcome.kind !== 'absent') return sent;
      const proofless = [...sent, ...unproven(reads)];
      if (operation.doubt.policy !== 'search') return proofless;
      const { reads: spec } = job.capability;
      const listed = reads.flatMap(({ answer }) => (answer.status === 204 ? [] : told(answer)));
      const listedIds = valuesAt(listed, 'lacks' in spec ? '' : spec.id);
      if (outcome.kind === 'absent') {
        const strange = listedIds.filter((id) => !/^[1-9]\d*$/.test(String(id)) && !isTextOfAnId(id));
        const noLists = reads.filter(({ answer }) => answer.status !== 204 && !Array.isArray(told(answer)));
        return [
          ...proofless,
          ...strange.map((id) => `absent although something with the id ${String(id)} was listed`),
          ...noLists.map(() => 'absent although something that is no list was shown'),
        ];
      }
      const found = finished?.result.x_id ?? null;
      return listedIds.some((id) => String(id) === found) ? proofless : [...proofless, `found ${found}, which was not listed`];
    },
  };
}

function reading(capability: Capability, ids: ReadonlyMap<string, string>): Act[] {
  const { reads, model } = capability;
  if ('lacks' in reads) return [];
  const id = ids.get(model.path);
  const list: Act = {
    name: `${model.path} list`,
    act: (client) => copied(async () => (await readPage(client.reader, capability, undefined)).records),
  };
  if (!reads.one || id === undefined) return [list];
  const one: Act = {
    name: `${model.path} one`,
    act: (client) => copied(async () => [await readOne(client.reader, capability, id)], id),
  };
  return [list, one];
}

/** Reads, and says what is wrong with the copies: a reading that fails must say so by a Problem. */
async function copied(
  read: () => Promise<readonly { x_id: string; fields: Readonly<Record<string, unknown>> }[]>,
  asked?: string,
): Promise<Played> {
  try {
    const records = await read();
    return {
      ended: 'read',
      faultsIn: (exchanged) => [
        // A parent that vanished between the two reads has no children.
        ...unproven(exchanged.filter(({ answer }) => answer.status !== 404)),
        ...records.filter(({ x_id }) => !isId(x_id)).map(({ x_id }) => `the id ${x_id}`),
        ...records.filter(({ fields }) => !isPlain(fields)).map(({ x_id }) => `fields of ${x_id} that are no JSON`),
        ...(asked === undefined || records[0]?.x_id === asked ? [] : [`another record than ${asked}`]),
      ],
    };
  } catch (error) {
    const faults = error instanceof Problem && error.code !== 'internal' ? [] : [`threw ${String(error)}`];
    return { ended: 'problem', faultsIn: () => faults };
  }
}

const isId = (text: string): boolean => text.trim() !== '' && text.length <= 128 && !/[\u0000-\u001f\ufffd]/.test(text);
/** Whether a value is what it is said to be once it has gone through JSON. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isPlain);
  if (typeof value !== 'object' || value === null) return value === null || ['string', 'boolean'].includes(typeof value);
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    (prototype === Object.prototype || prototype === null) && Object.values(value).every((it) => it === undefined || isPlain(it))
  );
}

/** The answers that count: a call that was not authorized had no effect and may be made once more, after a new login. */
const counting = (exchanged: readonly Exchanged[]): readonly Exchanged[] =>
  exchanged.filter(
    ({ answer, method, path }, index) =>
      answer.status !== 401 || !exchanged.slice(index + 1).some((later) => later.method === method && later.path === path),
  );

const unproven = (exchanged: readonly Exchanged[]): string[] =>
  exchanged.length === 0
    ? ['nothing was answered']
    : counting(exchanged)
        .filter(({ answer }) => !isProof(answer))
        .map(({ method, path }) => `${method} ${path} was not answered by a success`);

/** A step that tells an id must have told this one. */
function wrongId(operation: OperationSpec, name: string, { x_id }: StepResult, exchanged: readonly Exchanged[]): string[] {
  const step = operation.steps.find((one) => one.name === name);
  if (step?.id === undefined) return [];
  const [id] = exchanged.flatMap(({ answer }) => valuesAt([told(answer)], step.id ?? ''));
  return x_id !== null && String(id).trim() === x_id ? [] : [`${name} made ${String(id)}, not ${x_id}`];
}

/** An answer to a step that is said to have had no effect must say so itself, as the PMS's table has it. */
function notWithoutEffect(pms: PmsDefinition, exchanged: readonly Exchanged[]): string[] {
  const [last] = exchanged;
  // It was not sent at all.
  if (!last) return [];
  const { status, isCut, raw } = last.answer;
  if (raw || isCut) return ['no effect is claimed although the answer broke off'];
  return ['done', 'unclear'].includes(verdictOf(pms, status)) ? [`no effect is claimed after ${status}`] : [];
}
