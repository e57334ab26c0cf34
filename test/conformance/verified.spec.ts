/**
 * What came back, compared with what was written, for every write of every declaration against the simulators: all is recognised, whatever the
 * codecs make of it. And a value that somebody else changed is not. Fails where a field is read otherwise than it is written.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Egress, perform, readWritten, type PmsClient } from '#adapter-kit';
import { operationOf, type Capability, type OperationName } from '#capabilities';
import { ACCOUNTS, clientOf, fullSample, idsOf, jobOf, startSandbox } from './accounts.ts';

const OPERATIONS: readonly OperationName[] = ['create', 'update'];

describe.each(ACCOUNTS.map((account) => [account.pms.title, account] as const))('%s', (_, account) => {
  let sandbox: Awaited<ReturnType<typeof startSandbox>>;
  let egress: Egress;
  let client: PmsClient;
  beforeAll(async () => {
    sandbox = await startSandbox();
    egress = new Egress({ allow: [sandbox.url.host], timeoutMs: 5_000 });
  });
  beforeEach(async () => {
    await fetch(new URL('/_reset', sandbox.url), { method: 'POST' });
    client = clientOf(account, sandbox.url.origin, egress);
  });
  afterAll(async () => {
    await egress?.close();
    await sandbox?.app.close();
  });

  const { pms } = account;
  const writes = [...pms.capabilities].flatMap(([path, capability]) =>
    OPERATIONS.filter((name) => operationOf(capability, name)?.refresh !== false && operationOf(capability, name)).map(
      (name) => [name, path, capability] as const,
    ),
  );
  const isShown = ({ reads }: Capability): boolean => !('lacks' in reads) && reads.one !== undefined;

  it.each(writes.filter(([, , capability]) => isShown(capability)))(
    '%s %s is recognised',
    async (operation, _path, capability) => {
      const ids = await idsOf(pms, client);
      const job = jobOf(pms, capability, operation, fullSample(pms, capability, operation, ids), ids);
      const { outcome } = await perform(client, job, { sending: async () => {}, finished: async () => {} });
      const xId = outcome.kind === 'succeeded' ? (outcome.x_id ?? job.recordId) : null;
      expect(xId).not.toBeNull();
      const { values, references } = job;

      const { compared } = await readWritten(client, capability, String(xId), { operation, values, references });

      expect(compared.differences.filter(({ normalised }) => !normalised)).toEqual([]);
      expect(compared.verified).toBe(true);
    },
  );

  it('tells what is another value, field by field', async () => {
    const capability = pms.capabilities.get('residents') as Capability;
    const x_id = (await idsOf(pms, client)).get('residents') ?? '';
    const values = { first_name: 'Somebody Else' };

    const { copy, compared } = await readWritten(client, capability, x_id, { operation: 'update', values, references: {} });

    expect(compared).toEqual({
      verified: false,
      differences: [{ field: 'first_name', written: 'Somebody Else', found: copy.fields['first_name'], normalised: false }],
    });
  });

  it('tells apart what the PMS only writes its own way', async () => {
    const capability = pms.capabilities.get('residents') as Capability;
    const x_id = (await idsOf(pms, client)).get('residents') ?? '';
    const { copy } = await readWritten(client, capability, x_id, { operation: 'update', values: {}, references: {} });
    const first_name = ` ${String(copy.fields['first_name']).toUpperCase()} `;

    const written = { operation: 'update', values: { first_name }, references: {} } as const;
    const { compared } = await readWritten(client, capability, x_id, written);

    expect(compared).toMatchObject({ verified: true, differences: [{ field: 'first_name', normalised: true }] });
  });
});
