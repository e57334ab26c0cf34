/** Disks that lose power or fill up, under the database and under the message store. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { root } from '../support/root.ts';
import { digCellar, type Cellar } from './cellar.ts';
import { ask } from './facts.ts';
import { inTurn } from './kills.ts';
import { demand, inShort, playOn, type Call, type Outcome, type Recipe, type Scenario } from './scenario.ts';
import { fill, poweredDisk, smallDisk, type Disk, type PoweredDisk } from './stores.ts';

const MEGABYTE = 1024 * 1024;
const DISK_BYTES = 700 * MEGABYTE;
/** A fresh cluster and little more. */
const SMALL_DATABASE_BYTES = 220 * MEGABYTE;
const SMALL_STORE_BYTES = 24 * MEGABYTE;
const FULL_MS = 6_000;

/** Plays a scenario whose database stands on a disk of its own. */
async function inCellar<D extends Disk>(
  call: Call,
  make: (folder: string) => D,
  recipe: (cellar: Cellar<D>) => Recipe,
): Promise<Outcome> {
  const cellar = await digCellar(make);
  try {
    return await playOn(recipe(cellar), call, { databaseUrl: cellar.url });
  } finally {
    await cellar.remove();
  }
}

/** Plays a scenario whose message store is a mount. `drop` runs when the server is gone. */
function onStore<D extends Disk>(
  call: Call,
  name: string,
  make: (folder: string) => D,
  recipe: (disk: D) => Recipe,
): Promise<Outcome> {
  const disk = make(join(root, '.latchkey', `torture-${name}`, 'nats'));
  return playOn(recipe(disk), call, { before: async () => disk.remove() });
}

/** Commits that do not wait for the disk, until `until`: how many of those that were acknowledged survive a cut. */
async function control(make: (folder: string) => PoweredDisk): Promise<{ acknowledged: number; lost: number }> {
  const cellar = await digCellar(make);
  try {
    await ask(cellar.url, 'create table control (n int primary key)');
    const client = new pg.Client({ connectionString: cellar.url });
    client.on('error', () => undefined);
    await client.connect();
    await client.query('set synchronous_commit = off');
    let acknowledged = 0;
    const until = performance.now() + 2_000;
    while (performance.now() < until) await client.query('insert into control values ($1)', [++acknowledged]);
    await cutAndRestore(cellar);
    const [kept] = await ask<{ count: number }>(cellar.url, 'select count(*)::int as count from control');
    return { acknowledged, lost: acknowledged - (kept?.count ?? 0) };
  } finally {
    await cellar.remove();
  }
}

async function cutAndRestore({ disk, kill, start }: Cellar<PoweredDisk>): Promise<void> {
  disk.cut();
  await kill();
  await disk.restore();
  await start();
}

const disk = (folder: string): PoweredDisk => poweredDisk(folder, DISK_BYTES);

const powerCutDatabase: Scenario = {
  name: 'power-cut',
  titles: ['R16: power cuts of the disk of the database, with a control that must lose commits'],
  play: async (call) => {
    const { acknowledged, lost } = await control(disk);
    call.say(`control: ${lost} of ${acknowledged} commits that did not wait for the disk were lost`);
    return inCellar(call, disk, (cellar) => ({
      name: 'power-cut',
      titles: [],
      harm: (scene, tally) =>
        inTurn(scene, [
          async () => {
            await sleep(scene.random.between(4_000, 9_000));
            await cutAndRestore(cellar);
            tally.add('cut');
          },
        ]),
      judge: async (report, tally) => ({
        failures: [
          ...demand(lost > 0, 'the control lost nothing, so the harness cuts no power'),
          ...demand(tally.total > 0, 'no cut'),
        ],
        figures: [
          [
            'R16',
            `${inShort(report)}; ${tally.total} power cuts; the control without waiting for the disk lost ${lost} of ${acknowledged}`,
          ],
        ],
      }),
    }));
  },
};

const powerCutMessages: Scenario = {
  name: 'power-cut-nats',
  titles: ['R15: power cuts of the disk of the message store'],
  play: (call) =>
    onStore(call, 'power-cut-nats', disk, (store) => ({
      name: 'power-cut-nats',
      titles: [],
      harm: (scene, tally) =>
        inTurn(scene, [
          async () => {
            await sleep(scene.random.between(4_000, 9_000));
            store.cut();
            await scene.ground.without(['nats'], 'SIGKILL', () => store.restore());
            tally.add('cut');
          },
        ]),
      judge: async (report, tally) => ({
        failures: demand(tally.total > 0, 'no cut'),
        figures: [['R15', `${inShort(report)}; ${tally.total} power cuts of the message store`]],
      }),
    })),
};

const fullDatabase: Scenario = {
  name: 'disk-full',
  titles: ['R40: the disk of the database is full, and then has room again'],
  play: (call) =>
    inCellar(
      call,
      (folder) => smallDisk(folder, SMALL_DATABASE_BYTES),
      (cellar) => ({
        name: 'disk-full',
        titles: [],
        harm: (scene, tally) =>
          inTurn(scene, [
            async () => {
              await sleep(scene.random.between(3_000, 6_000));
              const free = fill(cellar.disk.folder);
              tally.add('full');
              await sleep(FULL_MS);
              free();
              // It may have ended itself; a supervisor would start it.
              await cellar.start();
            },
          ]),
        judge: async (report, tally) => ({
          failures: [
            ...demand(tally.total > 0, 'the disk was never full'),
            ...demand(
              report.asked.some(({ answers }) => answers.includes(503)),
              'nobody noticed that the disk was full',
            ),
          ],
          figures: [['R40', `${inShort(report)}; disk full ${tally.total} times; ${report.crude} 5xx but 503`]],
        }),
      }),
    ),
};

const fullMessages: Scenario = {
  name: 'disk-full-nats',
  titles: ['R39: the disk of the message store is full, and then has room again'],
  play: (call) =>
    onStore(
      call,
      'disk-full-nats',
      (folder) => smallDisk(folder, SMALL_STORE_BYTES),
      (store) => ({
        name: 'disk-full-nats',
        titles: [],
        harm: (scene, tally) =>
          inTurn(scene, [
            async () => {
              await sleep(scene.random.between(3_000, 6_000));
              const free = fill(store.folder);
              tally.add('full');
              await sleep(FULL_MS);
              free();
              // Room alone does not heal this server.
              await scene.ground.kill('nats');
            },
          ]),
        judge: async (report, tally) => {
          const refused = report.asked.flatMap(({ answers }) => answers).filter((status) => status === 503).length;
          return {
            failures: demand(tally.total > 0, 'the disk was never full'),
            figures: [['R39', `${inShort(report)}; disk full ${tally.total} times; ${refused} answers 503, restarts included`]],
          };
        },
      }),
    ),
};

export const DISKS: readonly Scenario[] = [powerCutDatabase, powerCutMessages, fullDatabase, fullMessages];
