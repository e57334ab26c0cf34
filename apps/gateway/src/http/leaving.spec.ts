import { describe, expect, it } from '@jest/globals';
import { fastify } from 'fastify';
import { Leaving } from './leaving.ts';

describe(Leaving.name, () => {
  it('goes on answering for a while, and asks clients to turn elsewhere', async () => {
    const server = fastify();
    const leaving = new Leaving(server);
    server.get('/', () => ({ ok: true }));
    const before = await server.inject('/');
    const farewell = leaving.sayFarewell();
    const after = await server.inject('/');

    expect(before.headers.connection).not.toBe('close');
    expect([after.statusCode, after.headers.connection]).toEqual([200, 'close']);
    await farewell;
    await server.close();
  });
});
