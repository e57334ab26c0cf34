import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { freePort, isFree } from './ports.ts';

const servers: Server[] = [];

const listen = (port: number): Promise<void> =>
  new Promise((resolve) => {
    servers.push(createServer().listen(port, '127.0.0.1', resolve));
  });

afterEach(() => servers.splice(0).forEach((server) => server.close()));

describe(freePort.name, () => {
  it('gives the preferred port when it is free', async () => {
    const preferred = await freePort();

    expect(await freePort({ preferred: [preferred] })).toBe(preferred);
  });

  it('gives another one when somebody listens on the preferred port', async () => {
    const taken = await freePort();
    await listen(taken);

    const given = await freePort({ preferred: [taken] });

    expect(given).not.toBe(taken);
    expect(await isFree(given)).toBe(true);
  });

  it('promises a port once, even to callers at the same time', async () => {
    const reserved = new Set<number>();
    const preferred = [await freePort()];

    const given = await Promise.all(Array.from({ length: 20 }, () => freePort({ preferred, reserved })));

    expect(new Set(given).size).toBe(20);
  });
});
