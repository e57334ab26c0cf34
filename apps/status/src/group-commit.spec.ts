import { describe, expect, it } from '@jest/globals';
import { Problem } from '#problem';
import { GroupCommit, type Verdict } from './group-commit.ts';
import { ConnectionLost } from './store/database.ts';

/** Commits by hand: each batch waits until it is let go. */
function byHand() {
  const batches: { items: readonly number[]; finish: (error?: unknown) => void }[] = [];
  const commit = (items: readonly number[]) =>
    new Promise<readonly Verdict<string>[]>((resolve, reject) => {
      batches.push({
        items,
        finish: (error) => (error ? reject(error) : resolve(items.map((item) => ({ answer: `did ${item}` })))),
      });
    });
  return { batches, commit };
}
const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
const refusal = Object.assign(new Error('bad value'), { code: '22P05' });

describe(GroupCommit.name, () => {
  it('commits the first at once, and together what comes meanwhile', async () => {
    const { batches, commit } = byHand();
    const group = new GroupCommit(commit, { maxInFlight: 1 });
    const first = group.submit(1);
    await turn();
    const others = [group.submit(2), group.submit(3)];
    await turn();
    expect(batches.map(({ items }) => items)).toEqual([[1]]);

    batches[0]?.finish();
    expect(await first).toBe('did 1');
    await turn();
    batches[1]?.finish();
    expect(await Promise.all(others)).toEqual(['did 2', 'did 3']);
    await group.drain();
  });

  it('never has more than so many batches under way, none bigger than allowed', async () => {
    const { batches, commit } = byHand();
    const group = new GroupCommit(commit, { maxInFlight: 2, maxBatch: 3 });
    const all = Promise.all(Array.from({ length: 10 }, (_, n) => group.submit(n)));
    await turn();
    expect(batches.map(({ items }) => items.length)).toEqual([3, 3]);

    for (let next = 0; next < 4; next += 1) {
      batches[next]?.finish();
      await turn();
      await turn();
    }
    expect(await all).toHaveLength(10);
  });

  it('answers "unavailable" when a commit fails in a way that proves nothing', async () => {
    const group = new GroupCommit<number, string>(() => Promise.reject(new ConnectionLost()));

    await expect(group.submit(1)).rejects.toMatchObject({ code: 'unavailable', retryAfterSeconds: 2 });
  });

  it('answers "unavailable" in time, and does not commit afterwards what it had not begun', async () => {
    const { batches, commit } = byHand();
    const group = new GroupCommit(commit, { maxInFlight: 1, answerWithinMs: 30 });
    const begun = group.submit(1);
    await turn();
    const queued = group.submit(2);

    await expect(begun).rejects.toMatchObject({ code: 'unavailable' });
    await expect(queued).rejects.toMatchObject({ code: 'unavailable' });
    batches[0]?.finish();
    await group.drain();
    expect(batches).toHaveLength(1);
  });

  it('does not let more wait than it can hold, and forgets those whose time is over', async () => {
    const { batches, commit } = byHand();
    const group = new GroupCommit(commit, { maxInFlight: 1, maxQueue: 2, answerWithinMs: 40 });
    const begun = group.submit(0).catch(() => 'late');
    await turn();
    const waiting = [group.submit(1), group.submit(2)].map((each) => each.catch(() => 'late'));
    await expect(group.submit(3)).rejects.toMatchObject({ code: 'unavailable' });

    await Promise.all([begun, ...waiting]);
    const next = group.submit(4);
    batches[0]?.finish();
    await turn();
    batches[1]?.finish();
    expect(await next).toBe('did 4');
  });

  it('leaves a bad request alone with its fault', async () => {
    const heard: unknown[] = [];
    const tried: (readonly number[])[] = [];
    const group = new GroupCommit<number, string>(
      (items) => {
        tried.push(items);
        return items.includes(6) ? Promise.reject(refusal) : Promise.resolve(items.map((item) => ({ answer: `did ${item}` })));
      },
      { onRefused: (error) => heard.push(error) },
    );
    const results = await Promise.allSettled(Array.from({ length: 9 }, (_, n) => group.submit(n)));

    expect(results.map(({ status }) => status)).toEqual(
      Array.from({ length: 9 }, (_, n) => (n === 6 ? 'rejected' : 'fulfilled')),
    );
    expect(results[6]).toMatchObject({ reason: { code: 'internal' } });
    expect(heard).toEqual([refusal]);
    // Everything that was committed was committed once.
    const committed = tried.filter((items) => !items.includes(6)).flat();
    expect(committed.sort()).toEqual([0, 1, 2, 3, 4, 5, 7, 8]);
  });

  it('tries a deadlock again', async () => {
    let tries = 0;
    const group = new GroupCommit<number, string>((items) => {
      tries += 1;
      return tries < 3
        ? Promise.reject(Object.assign(new Error(), { code: '40P01' }))
        : Promise.resolve(items.map(() => ({ answer: 'ok' })));
    });

    expect(await group.submit(1)).toBe('ok');
  });

  it('gives each request its own verdict', async () => {
    const group = new GroupCommit<number, string>((items) =>
      Promise.resolve(items.map((item) => (item === 2 ? { problem: Problem.notFound('write') } : { answer: 'ok' }))),
    );

    expect(await Promise.allSettled([group.submit(1), group.submit(2)])).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { code: 'not_found' } },
    ]);
  });
});
