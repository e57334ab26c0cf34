import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Principal } from '#messaging';
import { Authenticator } from './authenticator.ts';
import { bearerOf } from './bearer.ts';

const ANN: Principal = { organization_id: 'o', key_id: 'ann', scopes: ['read'] };

describe(Authenticator.name, () => {
  let time = 0;
  let asked: string[] = [];
  let answer: (hash: string) => Promise<Principal | null> = () => Promise.resolve(ANN);
  let authenticator: Authenticator;

  beforeEach(() => {
    time = 1_000;
    asked = [];
    answer = (hash) => Promise.resolve(hash === 'ann' ? ANN : null);
    authenticator = new Authenticator(
      (hash) => {
        asked.push(hash);
        return answer(hash);
      },
      () => time,
    );
  });

  it('believes a yes for five seconds', async () => {
    expect(await authenticator.identify('ann')).toBe(ANN);
    time += 4_999;
    await authenticator.identify('ann');
    expect(asked).toHaveLength(1);
    time += 1;
    await authenticator.identify('ann');
    expect(asked).toHaveLength(2);
  });

  it('believes a no for one second', async () => {
    expect(await authenticator.identify('bob')).toBeNull();
    time += 999;
    await authenticator.identify('bob');
    expect(asked).toHaveLength(1);
    time += 1;
    await authenticator.identify('bob');
    expect(asked).toHaveLength(2);
  });

  it('asks once for requests that come at the same time', async () => {
    await Promise.all([authenticator.identify('ann'), authenticator.identify('ann')]);

    expect(asked).toEqual(['ann']);
  });

  it('does not remember that nobody could tell', async () => {
    answer = () => Promise.reject(new Error('nobody there'));
    await expect(authenticator.identify('ann')).rejects.toThrow('nobody there');
    expect(authenticator.remembers('ann')).toBe(false);
    answer = () => Promise.resolve(ANN);

    expect(await authenticator.identify('ann')).toBe(ANN);
  });

  it('forgets the key that was not used for longest', async () => {
    await authenticator.identify('ann');
    for (let count = 0; count < 9_999; count += 1) await authenticator.identify(`k${count}`);
    await authenticator.identify('ann');
    await authenticator.identify('one more');

    expect(authenticator.remembers('ann')).toBe(true);
    expect(authenticator.remembers('k0')).toBe(false);
  });
});

describe(bearerOf.name, () => {
  it.each([
    ['Bearer abc', 'abc'],
    ['bearer   abc', 'abc'],
    ['Bearer', undefined],
    ['Bearer ', undefined],
    ['Bearer a b', undefined],
    ['Bearerabc', undefined],
    ['Basic abc', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('reads %j as %p', (header, token) => {
    expect(bearerOf(header)).toBe(token);
  });
});
