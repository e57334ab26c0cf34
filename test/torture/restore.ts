/** A disaster, and the way back from it: the database is put back to an older backup, and the message server has nothing any more. */
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Loose } from '../support/api.ts';
import { root } from '../support/root.ts';
import { backUp, type Backup } from './backup.ts';
import { ask, onTheirWay } from './facts.ts';
import type { Ground } from './ground.ts';
import type { Scene } from './run.ts';
import { demand, inShort, playOn, type Scenario } from './scenario.ts';

/** So slow is each PMS that a backup finds writes on their way. */
const PMS_TAKES_MS = 700;
const QUIET_MS = 3_000;

/** What the restored database knows. */
interface Memory {
  readonly jobs: ReadonlySet<string>;
  readonly inDoubt: number;
  readonly inReview: number;
  readonly lastAcceptedAt: string;
}

async function goBack(ground: Ground, backup: Backup): Promise<Memory> {
  const { stack } = ground;
  const program = join(root, 'dist/apps/status/src/restored.js');
  let memory: Memory | undefined;
  await ground.without(ground.servicesOf(), 'SIGKILL', async () => {
    await ground.without(['nats'], 'SIGKILL', async () => {
      rmSync(join(stack.directory, 'nats', 'jetstream'), { recursive: true, force: true });
    });
    await ground.without(['postgres'], 'SIGINT', () => backup.restore());
    const env = { PATH: process.env['PATH'], DATABASE_URL: stack.urls.database };
    const { stdout } = await promisify(execFile)(process.execPath, [program], { env });
    const printed: Loose = JSON.parse(stdout);
    const known = await ask<{ id: string }>(stack.urls.database, 'select id from ledger.operation');
    memory = {
      jobs: new Set(known.map(({ id }) => id)),
      inDoubt: printed.in_doubt,
      inReview: printed.in_review,
      lastAcceptedAt: printed.last_accepted_at,
    };
  });
  if (!memory) throw new Error('nothing was restored');
  return memory;
}

/** A customer who repeats a request after the restore repeats one that nobody remembers: here they have all heard their answers. */
async function untilQuiet({ tenants }: Scene): Promise<void> {
  const count = (): number => tenants.reduce((sum, { client }) => sum + client.journal.length, 0);
  for (let before = -1; before !== count(); await sleep(QUIET_MS)) before = count();
}

/** Backs up in the first half of the time, at a moment at which writes are on their way. */
async function backUpUnderLoad({ ground, random }: Scene, seconds: number): Promise<Backup> {
  await ground.sandbox.post('/_settings', { latency_ms: PMS_TAKES_MS });
  await sleep(random.between(seconds * 200, seconds * 400));
  while ((await onTheirWay(ground.stack.urls.database)) === 0) await sleep(20);
  return backUp(ground.stack.urls.database);
}

export const RESTORE: Scenario = {
  name: 'restore',
  titles: ['R50: the database is put back to a backup taken under load, with an empty message server'],
  play: (call) => {
    let memory: Memory | undefined;
    return playOn(
      {
        name: 'restore',
        titles: [],
        harm: async (scene, tally) => {
          const backup = await backUpUnderLoad(scene, call.seconds);
          try {
            while (!scene.isOver()) await sleep(100);
            await untilQuiet(scene);
            memory = await goBack(scene.ground, backup);
            tally.add('restored');
          } finally {
            backup.remove();
          }
        },
        judge: async (report) => {
          const { jobs = new Set<string>(), inDoubt = 0, inReview = 0, lastAcceptedAt = '' } = memory ?? {};
          // Accepted after the backup: whoever asks for them must hear that nobody knows them.
          const forgotten = report.told.filter(({ job }) => !jobs.has(job));
          const pretended = forgotten.filter(({ state }) => state !== 'unknown').length;
          const counters = { ...report.counters, lost: report.counters.lost - forgotten.length };
          const told = { ...report, counters };
          return {
            report: told,
            failures: [
              ...demand(forgotten.length > 0, 'nothing was accepted after the backup'),
              ...demand(inDoubt > 0, 'nothing was on its way in the backup'),
              ...demand(pretended === 0, `${pretended} writes that the backup can not know have a state`),
              ...demand(!Number.isNaN(Date.parse(lastAcceptedAt)), 'it was not told from when on writes are not known'),
            ],
            figures: [
              [
                'R50',
                `${inShort(told)}; ${inDoubt} on their way in the backup and looked for, ${inReview} put before a person, ${forgotten.length} later ones not known`,
              ],
            ],
          };
        },
      },
      call,
    );
  },
};
