import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { ClaimedJob } from '#messaging';
import { SideRoom, type Died } from './side-room.ts';

const POISON = fileURLToPath(new URL('../testing/poison.mjs', import.meta.url));
const rooms: SideRoom[] = [];
const open = (): SideRoom => {
  const room = new SideRoom(POISON, 1_500);
  rooms.push(room);
  return room;
};
afterEach(() => rooms.splice(0).forEach((room) => room.close()));

const suspect = (deed: string): ClaimedJob => ({ job_id: deed, payload: { deed } }) as unknown as ClaimedJob;
const nothing = async () => 0;
const work = (room: SideRoom, deed: string, note: () => Promise<number | { held: string }> = nothing) =>
  room.work({ job: suspect(deed), note });
const processOf = (result: unknown) => (result as { outcome: { x_id: string } }).outcome.x_id;

describe(SideRoom.name, () => {
  it.each([
    { deed: 'exit', died: 'exit 7' },
    { deed: 'throw', died: 'exit 1' },
    { deed: 'loop', died: 'SIGKILL' },
    { deed: 'allocate', died: expect.stringMatching(/SIGABRT|SIGTRAP|SIGKILL|exit/) },
  ])(
    'R31: finds a write guilty of "$deed", and those before and after it innocent',
    async ({ deed, died }) => {
      const room = open();
      const [before, guilty, after] = await Promise.all([work(room, 'succeed'), work(room, deed), work(room, 'succeed')]);

      expect(before).toMatchObject({ outcome: { kind: 'succeeded' } });
      expect(guilty as Died).toEqual({ died });
      expect(after).toMatchObject({ outcome: { kind: 'succeeded' } });
    },
    60_000,
  );

  it('keeps the room for the next suspect as long as nobody ends it', async () => {
    const room = open();
    const first = await work(room, 'succeed');
    expect(processOf(await work(room, 'succeed'))).toBe(processOf(first));
  });

  it('hands the answers to notes in', async () => {
    expect(processOf(await work(open(), 'note', async () => performance.now() + 1_000))).toBe('noted');
    expect(processOf(await work(open(), 'note', async () => ({ held: 'No.' })))).toBe('not now');
  });

  it('blames nobody when the claim was lost meanwhile', async () => {
    const room = open();
    await expect(work(room, 'note', () => Promise.reject(new Error('conflict')))).rejects.toThrow('conflict');
    expect(await work(room, 'succeed')).toMatchObject({ outcome: { kind: 'succeeded' } });
  });
});
