/**
 * The simulators as accounts of each PMS, for specs that let the adapters speak to them through the kit's own client. Promises: a client that is not
 * slowed by a vendor's rate, and ids of records that can be written about. Fails where a declaration has no sample that keeps its rules.
 */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Account, PmsClient, readPage, type Egress, type Job } from '#adapter-kit';
import { checkWrite, samplePayload, type Capability, type OperationName, type PmsDefinition } from '#capabilities';
import { pms as buildium } from '#pms/buildium';
import { pms as rentManager } from '#pms/rent-manager';

// No test can import an app; what runs it may load one.
const SANDBOX = new URL('../../apps/sandbox/src/sandbox.ts', import.meta.url).href;

export interface DemoAccount {
  readonly pms: PmsDefinition;
  readonly credentials: Readonly<Record<string, string>>;
}
export const ACCOUNTS: readonly DemoAccount[] = [
  { pms: buildium, credentials: { clientId: 'demo-client', secret: 'demo-secret' } },
  { pms: rentManager, credentials: { companyId: 'demo', Username: 'latchkey', Password: 'sandbox', locationId: '1' } },
];

/** The simulators, listening on loopback. */
export async function startSandbox(): Promise<{ readonly app: NestFastifyApplication; readonly url: URL }> {
  const { createSandbox } = (await import(SANDBOX)) as { createSandbox(): Promise<NestFastifyApplication> };
  const app = await createSandbox();
  await app.listen(0, '127.0.0.1');
  return { app, url: new URL(await app.getUrl()) };
}

/** The simulators do not enforce the vendors' rates here, so there is no need to keep to them. */
export function clientOf({ pms, credentials }: DemoAccount, origin: string, egress: Egress): PmsClient {
  const unhurried = { ...pms, limits: { concurrent: pms.limits.concurrent } };
  return new PmsClient(new Account(unhurried, 'demo', credentials, `${origin}/${pms.slug}`), egress);
}

/** A vacant unit, an approved applicant and a bank account, where the first of the list will not do. */
const CHOICE: Readonly<Record<string, (fields: Readonly<Record<string, unknown>>) => boolean>> = {
  units: ({ is_vacant }) => is_vacant !== false,
  applicants: ({ status }) => status === undefined || status === 'APPROVED',
  'financial-accounts': ({ custom_data }) => (custom_data as { IsBankAccount?: boolean } | undefined)?.IsBankAccount !== false,
};

/** Model -> the PMS's id of one of its records. */
export async function idsOf(pms: PmsDefinition, client: PmsClient): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const capability of pms.capabilities.values()) {
    const { reads, model } = capability;
    if ('lacks' in reads) continue;
    let cursor: string | undefined;
    do {
      const { records, next } = await readPage(client, capability, cursor);
      const chosen = records.find(({ fields }) => CHOICE[model.path]?.(fields) ?? true);
      if (chosen) ids.set(model.path, chosen.x_id);
      cursor = chosen ? undefined : (next ?? undefined);
    } while (cursor !== undefined);
  }
  return ids;
}

/** A full sample of an operation. No lead is converted by it: each can be only once. */
export function fullSample(
  pms: PmsDefinition,
  { model }: Capability,
  operation: OperationName,
  ids: ReadonlyMap<string, string>,
): Record<string, unknown> {
  const { lead_id: _converted, ...sample } = samplePayload(pms, model, operation, 'full', (named) => ids.get(named) ?? 'none');
  return sample;
}

/** The job that an accepted payload becomes. @throws Error when it is not accepted */
export function jobOf(
  pms: PmsDefinition,
  capability: Capability,
  operation: OperationName,
  payload: Readonly<Record<string, unknown>>,
  ids: ReadonlyMap<string, string>,
): Job {
  const { model } = capability;
  const checked = checkWrite(pms, model, operation, payload, { ignoreUnknownFields: false });
  if (!checked.supported) throw new Error(checked.reason);
  if (checked.issues.length > 0) throw new Error(JSON.stringify(checked.issues));
  const references = Object.fromEntries(checked.references.map(({ field, id }) => [field, id]));
  const recordId = operation === 'create' ? null : (ids.get(model.path) ?? null);
  return { capability, operation, values: checked.values, references, recordId, done: {} };
}
