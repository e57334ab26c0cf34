/**
 * What a hostile caller writes into records: fields that are not its own to set, texts that mean something to SQL, XML, JSON, addresses, subjects
 * or spreadsheets, and addresses of PMSs that lead inside. It is refused, or it arrives at the PMS as it was sent.
 */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { figure } from '../quality/figure.ts';
import type { Loose } from '../support/api.ts';
import { useWorld } from '../support/world.ts';
import { listen } from './support/hostile.ts';

const world = useWorld('hostile-input');
const VENDORS = ['BUILDIUM', 'RENTMANAGER'];

const ODD_TEXTS = [
  "Robert'); DROP TABLE ledger.operation;--",
  "' OR '1'='1",
  '1; select pg_sleep(5)',
  '\\x27 union select null--',
  '$1 ${x} {{7*7}} %s %00 %n',
  ']]></FirstName><Admin>true</Admin>',
  '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;',
  'a&b=c?d#e/../../f;g',
  '"},"Admin":true,"x":{"',
  "=cmd|' /C calc'!A0",
  '@SUM(1+1)',
  'latchkey.job.> * . $JS.API.>',
  'Zoë 🔑 \u202e\u0301 ﷽',
  '<script>alert(1)</script>',
];

const residents = new Map<string, Loose>();
beforeAll(async () => {
  for (const vendor of VENDORS) residents.set(vendor, await world().find('residents', vendor));
});

describe('a field that is not the caller’s to set', () => {
  const OURS = {
    id: 'x',
    x_id: 'x',
    created_at: '2020-01-01T00:00:00Z',
    updated_at: '2020-01-01T00:00:00Z',
    last_seen: '2020-01-01T00:00:00Z',
    integration_vendor: 'ACME',
    organization_id: 'x',
    customer_id: 'x',
    tenant_id: 'x',
    status: 'SUCCEEDED',
    write_status: 'SUCCESS',
    job_id: 'x',
    created_record_id: 'x',
    is_admin: true,
    scopes: ['admin'],
    balance_in_cents: 1,
    priority: 'bulk',
    dry_run: true,
  };

  it.each(VENDORS)('S5: is refused in a write to %s, also below others, and changes nothing', async (vendor) => {
    const { id } = residents.get(vendor);
    const since = await world().now();
    for (const [name, value] of Object.entries(OURS)) {
      const answer = await world().api.put(`/v1/residents/${id}`, { first_name: 'Ann', [name]: value });
      expect({ name, status: answer.status }).toEqual({ name, status: 400 });
      expect(answer.body.errors.map(({ pointer }: Loose) => pointer)).toEqual([`/${name}`]);
    }
    const nested = await world().api.put(`/v1/residents/${id}`, {
      attachments: [{ file_name: 'a', mime_type: 'b', file_data: 'c', owner: 'x' }],
    });

    expect(nested.status).toBe(400);
    expect(await world().calls(since)).toEqual([]);
    figure('S5', `${Object.keys(OURS).length} fields refused, none stored`);
  });

  it('S5: is refused in administration', async () => {
    const integration = `/v1/admin/integrations/${world().integration('BUILDIUM')}`;
    const before = (await world().admin.get(integration)).body;
    for (const field of [
      'organization_id',
      'customer_id',
      'is_archived',
      'can_authenticate',
      'id',
      'slug',
      'version',
      '__proto__',
    ]) {
      const body = `{"name":"x","${field}":"x"}`;
      const answer = await world().admin.raw('PUT', integration, body, { 'content-type': 'application/json' });
      expect({ field, status: answer.status }).toEqual({ field, status: 400 });
    }
    for (const field of ['key', 'hash', 'organization_id', 'revoked_at']) {
      expect((await world().admin.post('/v1/admin/api-keys/', { name: 'x', [field]: 'x' })).status).toBe(400);
    }

    expect((await world().admin.get(integration)).body).toEqual(before);
  });
});

describe('a text that means something elsewhere', () => {
  it.each(VENDORS)(
    'S12, S35: is stored and reaches %s letter by letter',
    async (vendor) => {
      const { id } = residents.get(vendor);
      const since = await world().now();
      const sent: string[] = [];
      for (const text of ODD_TEXTS) {
        const answer = await world().api.put(`/v1/residents/${id}`, { last_name: text });
        // A PMS may allow shorter names: then it is refused in words, and never cut.
        if (answer.status === 400) {
          expect(answer.body.errors).toEqual([expect.objectContaining({ pointer: '/last_name', code: 'too_long' })]);
          continue;
        }
        expect(answer.body.data.last_name).toBe(text);
        expect(await world().settled(answer.body.job_id)).toMatchObject({ write_status: 'SUCCESS' });
        const { body } = await world().api.get('/v1/admin/logs/writes/?limit=1');
        expect(body.results.logs[0].parameters).toEqual({ last_name: text });
        sent.push(text);
      }
      // A PMS may keep the name in two records.
      const arrived = [...new Set((await world().effects(since)).map(({ record }) => record.LastName))];

      expect(sent.length).toBeGreaterThan(8);
      expect(arrived).toEqual(sent);
      figure('S12', `${sent.length} odd texts arrived as they were sent`);
    },
    120_000,
  );

  it('S35: in a filter, an order, an id or a name of a parameter finds nothing and breaks nothing', async () => {
    const total = (await world().api.get('/v1/residents/?limit=1')).body.meta.total;
    const places = [
      'last_name',
      'x_id',
      'integration_id',
      'integration_vendor',
      'lease_id',
      'order-by',
      'cursor',
      'updated_after',
      'limit',
    ];
    let tried = 0;
    for (const text of ODD_TEXTS) {
      for (const place of places) {
        const { status, body } = await world().api.get(`/v1/residents/?${place}=${encodeURIComponent(text)}`);
        tried += 1;
        expect({ place, text, status: status === 200 ? 200 : 400 }).toEqual({ place, text, status });
        if (status === 200) expect(body.results.map((record: Loose) => record[place])).toEqual(body.results.map(() => text));
      }
      for (const path of [
        `/v1/residents/?${encodeURIComponent(text)}=1`,
        `/v1/admin/logs/writes/?status=${encodeURIComponent(text)}`,
      ]) {
        expect((await world().api.get(path)).status).toBe(400);
      }
      expect((await world().api.get(`/v1/residents/${encodeURIComponent(text)}`)).status).toBe(404);
    }

    expect((await world().api.get('/v1/residents/?limit=1')).body.meta.total).toBe(total);
    figure('S35', `0 of ${tried} filters did anything but compare`);
  }, 60_000);

  it('S6: no service has a polluted prototype afterwards', async () => {
    const { body } = await world().api.put(`/v1/residents/${residents.get('BUILDIUM').id}?dry_run=true`, { first_name: 'Ann' });

    expect(Object.keys(body).sort()).toEqual(['data', 'meta']);
    expect(body.polluted).toBeUndefined();
  });
});

describe('an address that is not public', () => {
  const FORMS = [
    '127.0.0.1', '127.1', '0x7f.1', '0x7f000001', '2130706433', '017700000001', '１２７.０.０.１', '0.0.0.0', '10.0.0.1', '172.16.0.1',
    '192.168.0.1', '100.64.0.1', '169.254.169.254', '224.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]',
    '[fc00::1]', '[fe80::1]', 'localhost', 'localhost.', 'LOCALHOST', 'metadata.google.internal', 'router', 'x.local',
  ]; // prettier-ignore

  it('S14: is refused when it is saved, by a new integration and by a change, and nobody is called', async () => {
    const { admin, stack } = { admin: world().admin, stack: world().stack };
    const canary = await listen();
    const { port } = canary;
    const urls = [
      ...FORMS.flatMap((host) => [`https://${host}/`, `https://${host}:${port}/`, `http://${host}:${port}/`]),
      ...['http', 'ftp', 'file', 'gopher', 'data', 'javascript'].map((scheme) => `${scheme}://api.pms-of-somebody.com/`),
      ...['jo@', 'jo:secret@', '127.0.0.1@'].map((who) => `https://${who}api.pms-of-somebody.com/`),
      ...[22, 80, 6379, 65_535].map((other) => `https://api.pms-of-somebody.com:${other}/`),
    ];
    const [vendor = ''] = Object.keys(stack.integrations);
    const taken: string[] = [];
    for (const base_url of urls) {
      const made = await admin.post('/v1/admin/integrations/', {
        integration_vendor: vendor,
        name: 'canary',
        credentials: { clientId: 'any', secret: 'any' },
        base_url,
      });
      const changed = await admin.put(`/v1/admin/integrations/${world().integration(vendor)}/`, { base_url });
      if (![made, changed].every(({ status }) => status >= 400 && status < 500))
        taken.push(`${base_url} ${made.status} ${changed.status}`);
    }
    expect(taken).toEqual([]);
    expect(canary.connections()).toBe(0);
    await canary.close();
    figure('S14', `${urls.length} addresses refused at save (twice each), 0 connections at the canary`);
  }, 60_000);
});
