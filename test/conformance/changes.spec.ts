/**
 * Lists that are asked for what changed only, for every declaration that offers it, against the simulators: what changed since long ago is
 * everything, and nothing changed since a moment to come. Fails where the PMS does not know the filter, or where it takes the place of another.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Egress, readPage, type PmsClient } from '#adapter-kit';
import type { Capability } from '#capabilities';
import { ACCOUNTS, clientOf, startSandbox } from './accounts.ts';

const LONG_AGO = new Date('1990-01-01T00:00:00Z');
const TO_COME = new Date(Date.now() + 10 * 86_400_000);

describe.each(ACCOUNTS.map((account) => [account.pms.title, account] as const))('%s', (_, account) => {
  let sandbox: Awaited<ReturnType<typeof startSandbox>>;
  let egress: Egress;
  let client: PmsClient;
  beforeAll(async () => {
    sandbox = await startSandbox();
    egress = new Egress({ allow: [sandbox.url.host], timeoutMs: 5_000 });
    client = clientOf(account, sandbox.url.origin, egress);
  });
  afterAll(async () => {
    await egress?.close();
    await sandbox?.app.close();
  });

  const ids = async (capability: Capability, since?: Date) => {
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await readPage(client, capability, cursor, since);
      found.push(...page.records.map(({ x_id }) => x_id));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    return found;
  };
  const changing = [...account.pms.capabilities].filter(([, { reads }]) => !('lacks' in reads) && reads.changedSince);

  it('offers it where records are many', () => {
    const paths = changing.map(([path]) => path);

    expect(paths).toEqual(expect.arrayContaining(['leases', 'properties', 'residents', 'service-requests', 'units', 'vendors']));
  });

  it.each(changing)('lists the changes of %s', async (_path, capability) => {
    const all = await ids(capability);

    expect(all.length).toBeGreaterThan(0);
    expect(await ids(capability, LONG_AGO)).toEqual(all);
    expect(await ids(capability, TO_COME)).toEqual([]);
  });
});
