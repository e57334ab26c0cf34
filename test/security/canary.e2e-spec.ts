/**
 * Secrets and personal data with values that occur nowhere else have gone through everything. Now they are looked for wherever something is
 * written down.
 *
 * What may hold them: the payload of a write (`ledger.operation`, until it is shredded), the cached copies (`records`), the PMS itself, and the
 * answers of the API whose contract is to show a record. Nothing else may; a write-status and a problem are no such answers.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { figure } from '../quality/figure.ts';
import { eventually, type Loose } from '../support/api.ts';
import { useWorld } from '../support/world.ts';
import { FORGED, Life, PERSONAL, QUICK, refusedSecret, SERVICES } from './support/accidents.ts';
import { filesBelow, formsOf, sightings, type Place } from './support/canary.ts';

const world = useWorld('canary', Object.fromEntries(SERVICES.map((name) => [name, QUICK])));
let life: Life;

beforeAll(async () => {
  life = await Life.live(world());
}, 180_000);

async function query(text: string): Promise<readonly Loose[]> {
  const client = new Client({ connectionString: world().stack.urls.database });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** The logs of everybody but the one who plays the PMSs. */
const logs = (): readonly Place[] => filesBelow(join(world().stack.directory, 'logs'), (path) => !path.startsWith('sandbox'));
const running = () => world().stack.services.filter(({ name }) => SERVICES.includes(name));
const metrics = (): Promise<readonly Place[]> =>
  Promise.all(
    running().map(async ({ name, internalUrl }) => ({
      name: `metrics of ${name}`,
      content: await (await fetch(`${internalUrl}/metrics`)).text(),
    })),
  );
const store = (): readonly Place[] => filesBelow(join(world().stack.directory, 'nats'));
const table = async (name: string): Promise<Place> => ({ name, content: JSON.stringify(await query(`select * from ${name}`)) });
const tables = async (names: readonly string[]): Promise<readonly Place[]> => Promise.all(names.map(table));
const processFiles = (file: string): readonly Place[] =>
  running().map(({ name, pid }) => ({ name: `${file} of ${name}`, content: readFileSync(`/proc/${pid}/${file}`, 'latin1') }));

describe('what a search for them finds', () => {
  it.each(['S3cr3t/with+signs&', 'plain-secret-0123456789'])('S19: the search itself finds %j in every form', (value) => {
    const places = [
      Buffer.from(`user:${value}`).toString('base64'),
      Buffer.from(`u:${value}!`).toString('base64url'),
      Buffer.from(`us:${value}`).toString('base64'),
      Buffer.from(value).toString('hex'),
      encodeURIComponent(value),
      `x${value}y`,
      [...value].reverse().join(''),
    ].map((content, index) => ({ name: String(index), content }));

    expect(sightings([{ name: 'it', value }], places)).toHaveLength(places.length);
    expect(sightings([{ name: 'it', value: `${value}-another` }], places)).toEqual([]);
    expect(formsOf(value).length).toBeGreaterThan(8);
  });

  it('S19: secrets are in no log, metric, status, answer, message, attempt or table', async () => {
    const ledger = await tables(['ledger.operation', 'ledger.attempt', 'ledger.event', 'ledger.idempotency_key', 'ledger.gate']);
    const directory = await tables([
      'directory.organization',
      'directory.api_key',
      'directory.integration',
      'directory.credential',
    ]);
    const records = await tables(['records.record', 'records.sync_run']);
    const hooks = await tables(['hooks.endpoint', 'hooks.delivery', 'hooks.attempt']);
    const written = [
      ...logs(),
      ...(await metrics()),
      ...life.statuses,
      ...life.bodies,
      ...store(),
      ...ledger,
      ...directory,
      ...records,
      ...hooks,
      ...processFiles('cmdline'),
    ];

    expect(life.statuses.length).toBeGreaterThan(10);
    expect(life.bodies.length).toBeGreaterThan(15);
    expect(
      logs()
        .map(({ content }) => content.length)
        .reduce((sum, length) => sum + length),
    ).toBeGreaterThan(5_000);
    expect(sightings(life.secrets, written)).toEqual([]);
    figure(
      'S19',
      `0 sightings of ${life.secrets.length} secrets in ${written.length} places, ${formsOf(refusedSecret).length} forms each`,
    );
  });

  it('S20: personal data are in no log, metric, status, answer, message or attempt', async () => {
    const written = [
      ...logs(),
      ...(await metrics()),
      ...life.statuses,
      ...life.bodies,
      ...store(),
      ...(await tables(['ledger.attempt', 'ledger.event', 'directory.integration', 'hooks.delivery', 'hooks.attempt'])),
      ...processFiles('cmdline'),
    ];

    // They did go through: the payloads and the copies hold them.
    expect(sightings(PERSONAL, await tables(['ledger.operation'])).length).toBe(PERSONAL.length);
    expect(sightings(PERSONAL, written)).toEqual([]);
    figure('S20', `0 sightings of ${PERSONAL.length} personal data in ${written.length} places`);
  });

  it('S20: every line of a log is one that we wrote', () => {
    const lines = logs()
      .filter(({ name }) => SERVICES.some((service) => name.startsWith(`${service}.log`)))
      .flatMap(({ name, content }) =>
        content
          .split('\n')
          .filter(Boolean)
          .map((line) => ({ name, line })),
      );
    const broken = lines.filter(({ line }) => {
      try {
        return typeof JSON.parse(line).msg !== 'string' || JSON.parse(line).msg === FORGED;
      } catch {
        return true;
      }
    });

    expect(lines.length).toBeGreaterThan(50);
    expect(broken).toEqual([]);
    expect(lines.filter(({ line }) => /[\u0000-\u001f\u007f]/.test(line))).toEqual([]);
  });

  it('S19: no process left a core, and the gateway has no keys to lose', () => {
    const directory = world().stack.directory;
    const cores = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((path) =>
      /(^|\/)core(\.\d+)?$/.test(path),
    );
    const environments = processFiles('environ');
    const knowing = environments.filter(({ content }) => /LATCHKEY_KEYRING=/.test(content)).map(({ name }) => name);

    expect(cores).toEqual([]);
    expect(knowing.sort()).toEqual(['environ of webhooks', 'environ of worker-buildium', 'environ of worker-rent-manager']);
    expect(environments.filter(({ name, content }) => name === 'environ of gateway' && /DATABASE_URL=/.test(content))).toEqual(
      [],
    );
    figure('S23', `only the workers and webhooks (${knowing.length}) are told of a key ring; no secret in any command line`);
  });

  it('S25: keys are kept as a prefix and a SHA-256, credentials sealed', async () => {
    const keys = await query('select * from directory.api_key');
    const sealed = await query('select fields from directory.credential');

    expect(keys.length).toBeGreaterThan(1);
    for (const { hash, prefix } of keys) {
      expect(hash).toMatch(/^[0-9a-f]{64}$/);
      expect(prefix.length).toBeLessThanOrEqual(16);
      expect([world().stack.keys.api, world().stack.keys.admin].some((key) => key.startsWith(prefix))).toBe(true);
    }
    const values = sealed.flatMap(({ fields }) => Object.values(fields as Record<string, string>));
    expect(values.filter((value) => !/^s1\.k1\.[\w-]+\.[\w-]+$/.test(value))).toEqual([]);
    figure('S25', `${keys.length} keys: prefix and SHA-256 only; ${values.length} credentials sealed`);
  });
});

/** The stack answers: nothing that was done to it has stopped it. */
it('lives on', async () => {
  await eventually('a read', async () => ((await world().api.get('/v1/residents/?limit=1')).status === 200 ? true : undefined));
});
