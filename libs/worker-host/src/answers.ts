import { Controller, Inject, type Type } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import {
  fill,
  NOWHERE,
  readOne,
  readPage,
  readWritten,
  rewrap,
  seal,
  SealBroken,
  UnusableAccount,
  type CallResult,
  type Keyring,
  type PmsClient,
  type Keys,
} from '#adapter-kit';
import type { PmsDefinition } from '#capabilities';
import {
  Answers,
  checkConnection,
  probeHost,
  readableModels,
  readPage as readPageContract,
  resealCredentials,
  type CheckConnection,
  type CheckResult,
  type PageOfCopies,
  type ReadableModel,
  type ReadPage,
  type Reseal,
  type Resealed,
  type SealedAt,
} from '#messaging';
import { Problem } from '#problem';
import { Accounts } from './accounts.ts';

export const KEYS = Symbol('keys');

/** A host that takes longer to answer a harmless read is not back yet. In milliseconds. */
const PROBE_MS = 10_000;
const SILENT = { verdict: 'unclear', reason: 'no answer in time' } as const;

const within = <Result>(ms: number, work: Promise<Result>): Promise<Result | typeof SILENT> => {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<typeof SILENT>((resolve) => (timer = setTimeout(() => resolve(SILENT), ms)));
  return Promise.race([work, over]).finally(() => clearTimeout(timer));
};

/** The controller that answers requests about one PMS, and about that one only. */
export function answersAbout(pms: PmsDefinition): Type {
  @Controller()
  class PmsAnswers {
    constructor(
      @Inject(Accounts) private readonly accounts: Accounts,
      @Inject(KEYS) private readonly keys: Keys,
    ) {}

    @Answers(checkConnection, pms.slug)
    async check(@Payload() request: CheckConnection): Promise<CheckResult> {
      const { organization_id, integration_id, base_url, credentials, version } = request;
      let client: PmsClient | undefined;
      try {
        client = credentials
          ? this.accounts.trial(integration_id, credentials, base_url)
          : await this.accounts.clientOf(integration_id, { fresh: true });
      } catch (error) {
        if (!(error instanceof UnusableAccount) && !(error instanceof SealBroken)) throw error;
        return { ok: false, reason: 'invalid', detail: error.message };
      }
      if (!client) return { ok: false, reason: 'invalid', detail: 'The integration is not active.' };
      const refusal = judge(pms, await client.call(fill(pms.probe, NOWHERE)));
      if (credentials) void client.logOut();
      if (refusal) return refusal;
      const place = { organizationId: organization_id, integrationId: integration_id, version };
      const fields = Object.entries(credentials ?? {}).map(([field, value]) => [
        field,
        seal(this.keys.ring, { ...place, field }, value),
      ]);
      return { ok: true, sealed: credentials ? { version, fields: Object.fromEntries(fields) } : null };
    }

    @Answers(resealCredentials, pms.slug)
    async reseal(@Payload() { key, items }: Reseal): Promise<Resealed> {
      if (this.keys.ring.active !== key) await this.keys.reread();
      const { ring } = this.keys;
      if (ring.active !== key) throw Problem.unavailable(`The active key of this worker is ${ring.active}, not ${key}.`, 5);
      return items.map((item) => resealed(ring, item));
    }

    @Answers(probeHost, pms.slug)
    async probe(@Payload() { integration_id }: { integration_id: string }): Promise<{ reached: boolean; reason: string | null }> {
      const client = await this.accounts.clientOf(integration_id);
      if (!client) return { reached: false, reason: 'The integration is not active.' };
      const { verdict, reason } = await within(PROBE_MS, client.probe());
      return { reached: verdict !== 'not_sent' && verdict !== 'unclear', reason };
    }

    @Answers(readPageContract, pms.slug)
    async read(@Payload() request: ReadPage): Promise<PageOfCopies> {
      const fetched_at = new Date().toISOString();
      const capability = pms.capabilities.get(request.model);
      if (!capability) throw new Problem('operation_not_supported', `${pms.title} has no ${request.model}.`);
      const client = await this.accounts.clientOf(request.integration_id);
      if (!client) throw Problem.notFound('integration');
      if (request.x_id === undefined) {
        const page = await readPage(client.reader, capability, request.cursor, momentOf(request.changed_since));
        return { ...page, fetched_at };
      }
      const whole = { next: null, total: 1, fetched_at };
      if (!request.written) return { records: [await readOne(client.reader, capability, request.x_id)], ...whole };
      const { copy, compared } = await readWritten(client.reader, capability, request.x_id, request.written);
      return { records: [copy], compared, ...whole };
    }

    @Answers(readableModels, pms.slug)
    models(): readonly ReadableModel[] {
      return inOrderOfReference(pms).map((model) => ({ model, by_change: canListChanges(pms, model) }));
    }
  }
  return PmsAnswers;
}

function resealed(ring: Keyring, { organization_id, integration_id, version, fields }: SealedAt): Resealed[number] {
  const place = { organizationId: organization_id, integrationId: integration_id, version };
  try {
    return Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, rewrap(ring, { ...place, field }, value)]));
  } catch (error) {
    if (error instanceof SealBroken) return null;
    throw error;
  }
}

function judge(
  { title }: PmsDefinition,
  { verdict, status, reason }: CallResult,
): Extract<CheckResult, { ok: false }> | undefined {
  if (verdict === 'done') return undefined;
  if (verdict === 'unauthorized') return { ok: false, reason: 'refused', detail: `${title} did not accept the credentials.` };
  if (verdict === 'refused')
    return { ok: false, reason: 'refused', detail: `${title} refused to be read with these credentials (${status}).` };
  return { ok: false, reason: 'unreachable', detail: `${title} could not be reached${reason ? `: ${reason}` : ''}.` };
}

/** @throws Problem `invalid_request` for a text that is no moment */
function momentOf(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime())) throw new Problem('invalid_request', 'changed_since is no moment.');
  return moment;
}

function canListChanges(pms: PmsDefinition, model: string): boolean {
  const reads = pms.capabilities.get(model)?.reads;
  return reads !== undefined && !('lacks' in reads) && reads.changedSince !== undefined && reads.under === undefined;
}

/** What others refer to comes first, as far as that is possible. */
function inOrderOfReference(pms: PmsDefinition): string[] {
  const ordered = new Set<string>();
  const visit = (path: string, trail: ReadonlySet<string>): void => {
    const capability = pms.capabilities.get(path);
    if (!capability || 'lacks' in capability.reads || ordered.has(path) || trail.has(path)) return;
    for (const { refersTo } of capability.model.fields.values()) if (refersTo) visit(refersTo, new Set([...trail, path]));
    ordered.add(path);
  };
  for (const path of [...pms.capabilities.keys()].sort()) visit(path, new Set());
  return [...ordered];
}
