/**
 * The demo organization: its keys, and one integration per PMS against the sandbox.
 *
 * A key can be read only when it is made, so the keys are kept in `demo.json` (mode 600), together with the identity of the database
 * that they belong to: with another database they are made anew. Everything here may be repeated, nothing is made twice.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { callApi, listed, reasonOf } from './api.ts';
import { members, readJson, text, writePrivateJson } from './files.ts';
import type { Log } from './processes.ts';

/** The demo organization as the launcher remembers it. */
export interface Demo {
  readonly database: string;
  readonly organization_id: string;
  readonly api_key: string;
  readonly admin_key: string;
  /** By vendor. The sandbox's address is part of an integration, and it changes with the sandbox's port. */
  readonly integrations: Readonly<Record<string, DemoIntegration>>;
}

interface DemoIntegration {
  readonly id: string;
  readonly base_url: string;
}

/** The records that are waited for after a first start, and that the first request writes to: every PMS has them. */
export const SAMPLE_RECORDS = 'residents';

const FIRST_RECORD_MS = 60_000;
const POLL_MS = 300;
const TELL_EVERY_MS = 10_000;

/**
 * The demo organization's keys: the remembered ones if they belong to this database, else newly issued ones.
 * @param issue runs the router's provisioning program and returns what it printed
 * @throws Error when the program prints no keys
 */
export async function demoFor(file: string, database: string, issue: () => Promise<string>): Promise<Demo> {
  const known = parseDemo(readJson(file));
  if (known?.database === database) return known;
  // Whatever a library may print before it, the last line is the answer.
  const printed = (await issue()).trimEnd().split('\n').at(-1) ?? '';
  const demo = parseDemo({ ...members(parseJson(printed)), database, integrations: {} });
  if (!demo) throw new Error('the provisioning program of the router printed no keys');
  writePrivateJson(file, demo);
  return demo;
}

/** Forgets keys that the gateway does not accept. */
export const forgetKeys = (file: string, demo: Demo): void => writePrivateJson(file, { ...demo, database: 'forgotten' });

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function parseDemo(value: unknown): Demo | undefined {
  const found = members(value);
  const database = text(found.database);
  const organization_id = text(found.organization_id);
  const api_key = text(found.api_key);
  const admin_key = text(found.admin_key);
  if (!database || !organization_id || !api_key || !admin_key) return undefined;
  const integrations = Object.entries(members(found.integrations)).flatMap(([vendor, entry]) => {
    const id = text(members(entry).id);
    const base_url = text(members(entry).base_url);
    return id && base_url ? [[vendor, { id, base_url }] as const] : [];
  });
  return { database, organization_id, api_key, admin_key, integrations: Object.fromEntries(integrations) };
}

/** One PMS as the sandbox plays it. */
export interface SandboxVendor {
  readonly vendor: string;
  /** Its path in the sandbox; also the PMS's name in `worker-<slug>`. */
  readonly slug: string;
  readonly credentials: unknown;
}

/** The list of PMSs that the sandbox plays. @throws Error when it does not tell */
export async function sandboxVendors(sandboxUrl: string): Promise<readonly SandboxVendor[]> {
  const answer = await callApi({ url: `${sandboxUrl}/_demo` });
  if (!Array.isArray(answer.body)) throw new Error(`the sandbox does not list its vendors at /_demo: ${reasonOf(answer)}`);
  return answer.body.map(members).flatMap(({ vendor, slug, credentials }) => {
    const found = { vendor: text(vendor), slug: text(slug) };
    return found.vendor && found.slug ? [{ vendor: found.vendor, slug: found.slug, credentials }] : [];
  });
}

/** What {@link connectVendors} works with. */
export interface Connecting {
  readonly gatewayUrl: string;
  readonly sandboxUrl: string;
  readonly demo: Demo;
  /** demo.json */
  readonly file: string;
  readonly vendors: readonly SandboxVendor[];
  readonly log: Log;
}

/** Integrations by vendor, and whether the gateway knew the keys. */
export interface Connected {
  readonly integrations: Readonly<Record<string, DemoIntegration>>;
  readonly keysRefused: boolean;
}

/**
 * Makes sure that there is one integration per vendor, named `Sandbox <vendor>`, at the sandbox's present address. A vendor that is
 * refused is told in a line and left out; the others go on.
 */
export async function connectVendors({ gatewayUrl, sandboxUrl, demo, file, vendors, log }: Connecting): Promise<Connected> {
  const url = `${gatewayUrl}/v1/admin/integrations/`;
  const key = demo.admin_key;
  const existing = await callApi({ url: `${url}?limit=250`, key });
  if (existing.status === 401) return { integrations: {}, keysRefused: true };
  if (existing.status !== 200) throw new Error(`the gateway does not list integrations: ${reasonOf(existing)}`);

  const connect = async ({ vendor, slug, credentials }: SandboxVendor) => {
    const name = `Sandbox ${vendor}`;
    const base_url = `${sandboxUrl}/${slug}`;
    const id = text(listed(existing).find((integration) => integration.name === name)?.id);
    if (id && demo.integrations[vendor]?.base_url === base_url) return [[vendor, { id, base_url }] as const];
    const answer = id
      ? await callApi({ url: `${url}${id}/`, key, method: 'PUT', body: { base_url } })
      : await callApi({ url, key, method: 'POST', body: { integration_vendor: vendor, name, credentials, base_url } });
    const made = id ?? text(members(members(answer.body).result).id);
    if (answer.status === 200 && made) return [[vendor, { id: made, base_url }] as const];
    log(`integration ${vendor} was refused: ${reasonOf(answer)}`);
    return [];
  };
  const integrations = Object.fromEntries((await Promise.all(vendors.map(connect))).flat());
  writePrivateJson(file, { ...demo, integrations });
  return { integrations, keysRefused: false };
}

/** Waits, at most 60 seconds in all, until each integration has a first record in the cache. Tells which have none after that. */
export async function waitForRecords(
  gatewayUrl: string,
  key: string,
  integrations: Connected['integrations'],
  log: Log,
): Promise<void> {
  const started = Date.now();
  const waiting = new Map(Object.entries(integrations));
  let told = started;
  while (waiting.size > 0) {
    for (const [vendor, { id }] of waiting) {
      const answer = await callApi({ url: `${gatewayUrl}/v1/${SAMPLE_RECORDS}/?integration_id=${id}&limit=1`, key });
      if (listed(answer).length > 0) waiting.delete(vendor);
    }
    const names = [...waiting.keys()].join(', ');
    if (waiting.size > 0 && Date.now() - started > FIRST_RECORD_MS) return log(`no records yet from ${names}; going on without`);
    if (waiting.size > 0 && Date.now() - told > TELL_EVERY_MS) {
      told = Date.now();
      log(`still waiting for the first records of ${names}`);
    }
    if (waiting.size > 0) await sleep(POLL_MS);
  }
}
