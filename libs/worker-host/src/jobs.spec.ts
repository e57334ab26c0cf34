import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { parseKeyring, seal } from '#adapter-kit';
import { Problem } from '#problem';
import { createLogger } from '#service-kit';
import { PMS } from '../testing/pms.ts';
import { ACCOUNT, CALL_TIMEOUT_MS, openWorld, until, type World } from '../testing/world.ts';
import { JobHandler } from './jobs.ts';
import { SideRoom } from './side-room.ts';

let world: World;
beforeAll(async () => (world = await openWorld(process.env['TEST_NATS_URL'])));
afterAll(() => world.close());
beforeEach(() => world.reset());

const MESSAGE = { version: 1, job_id: 'job1', release: 1 } as const;
const handle = () => world.handler.handle(MESSAGE);
const WRITTEN = ['claim', 'sending make', 'finished make', 'sending polish', 'settled succeeded'];

describe(JobHandler, () => {
  it('claims, notes, sends, and settles', async () => {
    const { colleagues, vendor } = world;
    colleagues.offer();
    vendor.reply = ({ headers }, response) => void response.end(JSON.stringify({ Id: 5, key: headers['x-key'] }));

    expect(await handle()).toEqual({ kind: 'done' });

    expect(colleagues.told).toEqual(WRITTEN);
    expect(vendor.seen).toEqual(['POST /gears', 'PUT /gears/5']);
    expect(colleagues.settled[0]).toMatchObject({
      token: 1,
      outcome: { kind: 'succeeded', x_id: '5' },
      finished: { step: 'polish' },
      attempt: { evidence: 'B' },
    });
  });

  it('drops a message that finds nothing to claim', async () => {
    expect(await handle()).toEqual({ kind: 'done' });
    expect(world.colleagues.told).toEqual(['claim']);
    expect(world.vendor.seen).toEqual([]);
  });

  it('does nothing twice when the message comes twice at once', async () => {
    world.colleagues.offer();

    await Promise.all([handle(), handle(), handle()]);

    expect(world.vendor.seen).toEqual(['POST /gears', 'PUT /gears/5']);
    expect(world.colleagues.settled).toHaveLength(1);
  });

  it('lets the message come back when there is nobody to claim from', async () => {
    world.colleagues.offer();
    await world.colleagues.fallSilent();
    try {
      await expect(handle()).rejects.toMatchObject({ code: 'unavailable' });
    } finally {
      world.colleagues.listen();
    }
    expect(world.vendor.seen).toEqual([]);
  }, 15_000);

  it('asks again, under the same name, when the answer to its claim was lost', async () => {
    const { colleagues } = world;
    const offered = colleagues.offer();
    let lost = 0;
    colleagues.onClaim = () => {
      if (lost > 0) return;
      lost += 1;
      colleagues.offer(offered);
      throw Problem.unavailable('The answer was lost.');
    };

    expect(await handle()).toEqual({ kind: 'done' });

    expect(colleagues.told).toEqual(['claim', ...WRITTEN]);
    expect(new Set(colleagues.claimants).size).toBe(1);
  });

  it('claims each message under a name of its own', async () => {
    await Promise.all([handle(), handle()]);

    expect(new Set(world.colleagues.claimants).size).toBe(2);
  });

  it('reconciles by reading only', async () => {
    const { colleagues, vendor } = world;
    const sent_at = new Date(Date.now() - 60_000).toISOString();
    colleagues.offer({
      mode: 'reconcile',
      in_doubt: { step: 'make', sent_at, memo: {}, empty_looks: 0 },
      done: { polish: { x_id: null, memo: {} } },
    });
    vendor.reply = (_, response) => void response.end(JSON.stringify([{ Id: 5, Name: 'cog' }]));

    await handle();

    expect(vendor.seen).toEqual([expect.stringMatching(/^GET \/gears\?/)]);
    expect(colleagues.told).toEqual(['claim', 'settled resume']);
    expect(colleagues.settled[0]).toMatchObject({ finished: { step: 'make', result: { x_id: '5' } } });
  });

  it('fails a write of a model that this PMS does not have', async () => {
    world.colleagues.offer({ model: 'wheels' });

    await handle();

    expect(world.colleagues.settled[0]?.outcome).toMatchObject({ kind: 'failed', retriable: false });
  });
});

describe('a claim that is lost', () => {
  it('sends nothing when the sending can not be noted', async () => {
    world.colleagues.offer();
    world.colleagues.onAdvance = () => {
      throw new Problem('conflict', 'The claim is no longer current.');
    };

    expect(await handle()).toEqual({ kind: 'done' });

    expect(world.vendor.seen).toEqual([]);
    expect(world.colleagues.told).toEqual(['claim', 'sending make']);
  });

  it('stops between two steps', async () => {
    world.colleagues.offer();
    world.colleagues.onAdvance = ({ finished }) => {
      if (finished) throw new Problem('conflict', 'The claim is no longer current.');
    };

    expect(await handle()).toEqual({ kind: 'done' });

    expect(world.vendor.seen).toEqual(['POST /gears']);
    expect(world.colleagues.settled).toEqual([]);
  });

  it('sends nothing when the process slept beyond its lease with the answer in its hands', async () => {
    const { colleagues, vendor } = world;
    colleagues.offer({ lease_ms: 8_000 });
    let slept = false;
    colleagues.onAdvance = ({ sending }) => {
      if (!sending || slept) return;
      slept = true;
      // The ledger has noted the sending; then everything here stands still for longer than a call may take to begin.
      const until = performance.now() + 2_600;
      while (performance.now() < until);
    };
    const shortLease = colleagues as unknown as { advance: (note: unknown) => { lease_ms: number } };
    const advance = shortLease.advance.bind(colleagues);
    shortLease.advance = (note) => ({ ...advance(note), lease_ms: 8_000 });
    try {
      await handle();
    } finally {
      shortLease.advance = advance;
    }

    expect(vendor.seen).toEqual([]);
    expect(colleagues.settled[0]?.outcome).toMatchObject({ kind: 'retry' });
  });
});

describe('a lease', () => {
  it('that is too short for a call sends nothing, and says so', async () => {
    const { colleagues, vendor } = world;
    colleagues.offer({ lease_ms: 3_000 });
    const told = colleagues as unknown as { advance: (note: unknown) => { lease_ms: number } };
    const advance = told.advance.bind(colleagues);
    told.advance = (note) => ({ ...advance(note), lease_ms: 3_000 });
    try {
      await handle();
    } finally {
      told.advance = advance;
    }

    expect(vendor.seen).toEqual([]);
    expect(colleagues.settled[0]).toMatchObject({ outcome: { kind: 'retry' }, attempt: { evidence: 'A', pms_status: null } });
  });

  it('is kept up while the PMS takes its time', async () => {
    const { colleagues, vendor } = world;
    colleagues.offer({ lease_ms: 600 });
    vendor.reply = (_, response) => void setTimeout(() => response.end(JSON.stringify({ Id: 5 })), 400);

    await handle();

    expect(colleagues.told.filter((what) => what === 'renewed').length).toBeGreaterThanOrEqual(1);
    expect(colleagues.settled[0]?.outcome.kind).toBe('succeeded');
    const renewals = colleagues.told.length;
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(colleagues.told).toHaveLength(renewals);
  });
});

describe('a result', () => {
  it('is offered again until the ledger answers', async () => {
    const { colleagues, vendor } = world;
    colleagues.offer({ done: { polish: { x_id: null, memo: {} } } });
    vendor.reply = (_, response) => void colleagues.fallSilent().then(() => response.end(JSON.stringify({ Id: 5 })));

    const handled = handle();
    await until(() => vendor.seen.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(colleagues.settled).toEqual([]);
    colleagues.listen();

    expect(await handled).toEqual({ kind: 'done' });
    expect(vendor.seen).toEqual(['POST /gears']);
    expect(colleagues.settled).toHaveLength(1);
    expect(colleagues.settled[0]?.outcome).toMatchObject({ kind: 'succeeded', x_id: '5' });
  });

  it('holds nothing that is for our log only', async () => {
    const { colleagues, vendor } = world;
    colleagues.offer({ operation: 'update', x_id: '5' });
    vendor.reply = (_, response) => void response.end(JSON.stringify({ Id: 5, Name: { first: 'cog' } }));

    await handle();

    expect(colleagues.settled).toHaveLength(1);
    expect(Object.keys(colleagues.settled[0] ?? {})).not.toContain('fault');
  });
});

describe('a suspect', () => {
  const POISON = fileURLToPath(new URL('../testing/poison.mjs', import.meta.url));
  const withRoom = async (work: (handler: JobHandler, room: SideRoom) => Promise<unknown>): Promise<void> => {
    const room = new SideRoom(POISON, 5_000);
    try {
      await work(
        new JobHandler(PMS, world.bus, world.accounts, createLogger('spec', 'silent'), 'test', CALL_TIMEOUT_MS, room),
        room,
      );
    } finally {
      room.close();
    }
  };

  it('is worked on in the side room, and settled as any other', async () => {
    const { colleagues, vendor } = world;
    colleagues.offer({ is_suspect: true, payload: { deed: 'succeed' } });

    await withRoom(async (handler) => expect(await handler.handle(MESSAGE)).toEqual({ kind: 'done' }));

    expect(colleagues.told).toEqual(['claim', 'settled succeeded']);
    expect(vendor.seen).toEqual([]);
  });

  it('that ends the room is blamed, under its own token, and not settled', async () => {
    const { colleagues } = world;
    colleagues.offer({ is_suspect: true, token: 3, payload: { deed: 'exit' } });

    await withRoom(async (handler) => expect(await handler.handle(MESSAGE)).toEqual({ kind: 'done' }));

    expect(colleagues.told).toEqual(['claim', 'blamed exit 7']);
    expect(colleagues.blamed).toMatchObject([{ job_id: 'job1', token: 3, how: 'exit 7' }]);
  });

  it('notes its steps with its worker', async () => {
    world.colleagues.offer({ is_suspect: true, payload: { deed: 'note' } });

    await withRoom((handler) => handler.handle(MESSAGE));

    expect(world.colleagues.told).toEqual(['claim', 'sending make', 'settled succeeded']);
  });
});

describe('the account', () => {
  const outcome = () => world.colleagues.settled[0]?.outcome;

  it('is asked for once by many jobs, which share its limits', async () => {
    const { colleagues, vendor } = world;
    let asked = 0;
    colleagues.onConnection = () => void (asked += 1);
    const { accounts } = world;

    const clients = await Promise.all(Array.from({ length: 20 }, () => accounts.clientOf('int')));
    expect(new Set(clients).size).toBe(1);
    await Promise.all(Array.from({ length: 20 }, () => accounts.clientOf('int')));

    expect(asked).toBe(20);
    expect(vendor.seen).toEqual([]);
  });

  it('is not replaced by an answer that is older', async () => {
    const { colleagues, accounts } = world;
    colleagues.connection = world.connection({}, 2);
    const newer = await accounts.clientOf('int', { fresh: true });
    colleagues.connection = world.connection({}, 1);

    expect(await accounts.clientOf('int', { fresh: true })).toBe(newer);
  });

  it('that is gone or inactive holds the write', async () => {
    world.colleagues.connection = null;
    world.colleagues.offer();

    await handle();

    expect(outcome()).toMatchObject({ kind: 'hold' });
    expect(world.vendor.seen).toEqual([]);
  });

  it('that can not be fetched just now is no crash of the adapter', async () => {
    world.colleagues.onConnection = () => {
      throw Problem.unavailable('The directory is away.');
    };
    world.colleagues.offer();

    expect(await handle()).toEqual({ kind: 'done' });
    expect(outcome()).toMatchObject({ kind: 'retry', after_ms: expect.any(Number) });
  });

  it('that was sealed with another key, or can not be used, holds the write and says no secret', async () => {
    const other = parseKeyring(JSON.stringify({ active: 'k1', keys: { k1: randomBytes(32).toString('base64') } }));
    const sealed = (keyring: typeof other, key: string) => ({
      version: 1,
      fields: { key: seal(keyring, { ...ACCOUNT, field: 'key', version: 1 }, key) },
    });
    for (const broken of [
      world.connection({ sealed: sealed(other, 'hunter2') }),
      world.connection({ sealed: sealed(world.keyring, 'hunter2\r\nx: 1') }),
      world.connection({ base_url: 'https://pms.example/?hunter2' }),
    ]) {
      world.reset();
      world.colleagues.connection = broken;
      world.colleagues.offer();

      await handle();

      expect(outcome()).toMatchObject({ kind: 'hold' });
      expect(JSON.stringify(world.colleagues.settled)).not.toContain('hunter2');
    }
  });

  it('that the PMS refuses holds the write', async () => {
    world.colleagues.offer();
    world.vendor.reply = (_, response) => void response.writeHead(401).end();

    await handle();

    expect(outcome()).toMatchObject({ kind: 'hold' });
    expect(world.vendor.seen).toHaveLength(1);
  });

  it('that the PMS refuses but that has been renewed since is tried again', async () => {
    const { colleagues, vendor } = world;
    colleagues.offer();
    vendor.reply = (_, response) => {
      colleagues.connection = world.connection({}, 2);
      response.writeHead(401).end();
    };

    await handle();

    expect(outcome()).toMatchObject({ kind: 'retry', after_ms: 0 });
  });

  it('keeps what the PMS said when the directory falls silent afterwards', async () => {
    const { colleagues, vendor } = world;
    colleagues.offer();
    vendor.reply = (_, response) => {
      colleagues.onConnection = () => {
        throw Problem.unavailable('The directory is away.');
      };
      response.writeHead(401).end();
    };

    await handle();

    expect(outcome()).toMatchObject({ kind: 'hold' });
  });
});
