/** The rotation of one PMS's keys in a stack that runs; see rotate.ts. */
import { setTimeout as sleep } from 'node:timers/promises';
import { members } from './files.ts';
import { addKey, endChange, retireKeys } from './keyring.ts';
import { natsPasswords, natsUsersOf } from './nats-users.ts';
import { inheritedEnvironment, run } from './processes.ts';
import { compiled } from './repository.ts';
import { findServices, keyringFile, settingsFor, type Service } from './services.ts';

export interface Rotation {
  /** The state folder. */
  readonly directory: string;
  readonly natsUrl: string | undefined;
  readonly databaseUrl: string | undefined;
  /** Whether the NATS server is the stack's own, which has a user for each service. */
  readonly ownNats: boolean;
  /** Destroy the former keys in the end. */
  readonly retire: boolean;
}

export interface Rotated {
  readonly key: string;
  /** Integrations whose credentials were sealed anew. */
  readonly resealed: number;
  /** Keys that were destroyed. */
  readonly retired: number;
}

/** Workers read their ring every second. One that has not yet may seal with the former key until then. */
const RINGS_READ_MS = 3_000;

/** @throws Error when credentials can't be sealed anew; the ring then keeps every key, and the next call goes on */
export async function rotateKeys(worker: Service, rotation: Rotation): Promise<Rotated> {
  const file = keyringFile(rotation.directory, worker);
  const key = addKey(file);
  const reseal = await resealer(worker, rotation, key);
  const early = await reseal();
  await sleep(RINGS_READ_MS);
  const late = await reseal();
  if (late.unreadable > 0)
    throw new Error(`${late.unreadable} credentials of ${worker.name} open with none of its keys; every key was kept.`);
  endChange(file);
  return { key, resealed: early.resealed + late.resealed, retired: rotation.retire ? retireKeys(file) : 0 };
}

interface Count {
  readonly resealed: number;
  readonly unreadable: number;
}

/** The program that owns the sealed credentials, told what its service is told. */
async function resealer(
  worker: Service,
  { directory, natsUrl, databaseUrl, ownNats }: Rotation,
  key: string,
): Promise<() => Promise<Count>> {
  const services = findServices();
  const owner = services.find(({ name }) => name === 'router');
  const [user] = await natsUsersOf([worker]);
  if (!owner || user?.pms === undefined) throw new Error('this build has no router, or no PMS for the worker');
  const around = { directory, natsUrl, databaseUrl, ...(ownNats && { natsPasswords: natsPasswords(directory, services) }) };
  const env = { ...inheritedEnvironment(), ...settingsFor(around, owner, { public: undefined, internal: undefined }) };
  const args = [compiled(owner.name, 'reseal'), '--pms', user.pms, '--key', key];
  return async () => {
    const printed = await run({ name: `reseal of ${owner.name}`, command: process.execPath, args, env });
    const { resealed, unreadable } = members(JSON.parse(printed.trim().split('\n').at(-1) ?? ''));
    return { resealed: Number(resealed), unreadable: Number(unreadable) };
  };
}
