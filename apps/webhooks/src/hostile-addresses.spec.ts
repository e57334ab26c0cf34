/**
 * Addresses of webhooks that lead where no customer may reach: refused when they are saved, and again at the connection, however they got there.
 * A canary listens on this machine; whoever is led astray is counted there.
 */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { env } from 'node:process';
import { Problem } from '#problem';
import { Receiver } from '../testing/receiver.ts';
import { eventually, someone, World, type Json } from '../testing/world.ts';

// No app can import a test; what runs it may load one.
const FIGURES = new URL('../../../test/quality/figure.ts', import.meta.url).href;
const { figure } = (await import(FIGURES)) as { figure: (code: string, text: string) => void };

jest.setTimeout(40_000);

/** What the name server says next, as an attacker's does: another address each time. */
const answers: string[] = [];
let asked = 0;
let world: World;
let canary: Receiver;
beforeAll(async () => {
  [world, canary] = await Promise.all([
    World.start(env.TEST_DATABASE_URL, {
      resolver: (_host, _options, callback) => {
        const address = answers[asked] ?? answers.at(-1) ?? '127.0.0.1';
        asked += 1;
        callback(null, [{ address, family: address.includes(':') ? 6 : 4 }]);
      },
    }),
    Receiver.listen(),
  ]);
  world.parts.sender.start();
}, 30_000);
afterAll(async () => {
  await world?.close();
  await canary?.close();
});

const TRIGGERS = ['WRITE_OPERATION_SUCCESS'];
const save = (url: string, who = someone()): Promise<Json> =>
  world.ask(who, 'create', { body: { url, triggers: TRIGGERS, active: true } });
const refused = (url: string): Promise<string | undefined> =>
  save(url).then(
    () => undefined,
    (error: unknown) => (error instanceof Problem ? error.errors.map(({ pointer }) => pointer).join() : String(error)),
  );

describe('an address that leads inside', () => {
  const HOSTS = [
    '127.0.0.1', '127.1', '0x7f.1', '2130706433', '0177.0.0.1', '１２７.０.０.１', '0.0.0.0', '0', '10.0.0.1', '172.16.0.1', '192.168.0.1',
    '100.64.0.1', '169.254.169.254', '198.18.0.1', '224.0.0.1', '255.255.255.255', '[::1]', '[::]', '[::ffff:127.0.0.1]', '[::127.0.0.1]',
    '[64:ff9b::127.0.0.1]', '[2002:7f00:1::]', '[2001:0:7f00:1::1]', '[fc00::1]', '[fd00::1]', '[fe80::1]', '[ff02::1]', 'localhost',
    'localhost.', 'LOCALHOST', 'ｌｏｃａｌｈｏｓｔ', 'metadata.google.internal', 'printer.local', 'intranet',
  ]; // prettier-ignore
  const PORTS = [
    21, 22, 23, 25, 53, 80, 110, 143, 445, 993, 2375, 3306, 4222, 4600, 4610, 5432, 6379, 8080, 8222, 9200, 11211, 27017,
  ];

  it('S14, S32: is refused when it is saved, however it is written, and so is every port that is no door of HTTPS', async () => {
    const urls = [
      ...HOSTS.flatMap((host) => [`https://${host}/`, `http://${host}:${canary.port}/`]),
      ...PORTS.map((port) => `https://hooks.example.com:${port}/`),
      `http://127.0.0.1:4600/v1/residents/`,
      'https://user:word@hooks.acme.com/',
      'file:///etc/passwd',
      'gopher://acme.com/',
      'ftp://acme.com/',
      'javascript:alert(1)',
      'https://hooks.acme.com/\r\nx-injected: 1',
    ];
    const taken: string[] = [];
    for (const url of urls) if ((await refused(url)) !== '/url') taken.push(url);

    expect(taken).toEqual([]);
    expect(canary.heard).toEqual([]);
    figure('S32', `0 of ${urls.length} addresses that lead inside were saved`);
  });

  it('S32: is not called when it got into the table by another way', async () => {
    const who = someone();
    const { id } = (await save('https://hooks.acme.com/', who)).result;
    for (const url of [
      `https://127.0.0.1:${canary.port}/`,
      `http://localhost:${canary.port}/`,
      `http://0x7f.1:${canary.port}/`,
    ]) {
      await world.rows(`delete from "hooks"."delivery" where "endpoint_id" = ?`, id);
      await world.rows(
        `update "hooks"."endpoint" set "url" = ?, "verified_at" = now(), "paused_until" = null where "id" = ?`,
        url,
        id,
      );
      await world.happens(who);
      await eventually(async () => {
        const [{ attempts } = { attempts: [] }] = (await world.ask(who, 'list-deliveries', { params: { webhook_id: id } }))
          .results;
        expect(attempts).toContainEqual(expect.objectContaining({ status: null, outcome: 'failed' }));
      });
    }

    expect(canary.heard).toEqual([]);
  });

  it('S32: is not called when its name was public once: every connection looks for itself', async () => {
    answers.splice(0, Infinity, '8.8.8.8', '127.0.0.1', '::1', '::ffff:127.0.0.1', '169.254.169.254', '10.0.0.1', '127.0.0.1');
    // The first look-up is that of whoever judges names when they are saved.
    asked = 1;
    const who = someone();
    const { id } = (await save(`https://rebound.acme.com:8443/`, who)).result;
    const seen = async (): Promise<Json[]> =>
      (await world.ask(who, 'list-deliveries', { params: { webhook_id: id } })).results.flatMap(({ attempts }: Json) => attempts);
    await eventually(async () => expect((await seen()).length).toBeGreaterThan(6));

    expect(new Set((await seen()).map(({ reason }) => reason))).toEqual(new Set(['the address is not a public one']));
    expect(asked).toBeGreaterThan(6);
    expect(canary.heard).toEqual([]);
    figure('S32', '0 connections to a name that turned inward after it was saved');
  });
});

describe('a redirect', () => {
  it('S16, S32: is not followed, and no secret goes along', async () => {
    const second = await Receiver.listen();
    world.reach(second);
    let sent = 0;
    for (const status of [301, 302, 303, 307, 308]) {
      for (const location of [second.url, '/elsewhere', 'http://169.254.169.254/latest/meta-data/']) {
        const first = await Receiver.listen(() => (response) => response.writeHead(status, { location }).end());
        const who = someone();
        const webhook = await world.webhook(who, first, {
          active: false,
          headers: [{ header: 'authorization', value: 'Bearer s3cret' }],
        });

        const { result } = await world.ask(who, 'test', { params: { webhook_id: webhook.id } });
        await first.close();

        expect(result.attempts).toEqual([expect.objectContaining({ status, outcome: 'failed' })]);
        expect(first.heard.map(({ path }) => path)).toEqual(['/hooks']);
        sent += 1;
      }
    }
    await second.close();

    expect(second.heard).toEqual([]);
    figure('S16', `0 of ${sent} redirects of webhooks followed`);
  });
});
