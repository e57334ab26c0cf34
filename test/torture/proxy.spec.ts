import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { startProxy, type Proxy } from './proxy.ts';

const opened: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

/** Answers every byte with itself, after a word of its own. */
async function echo(word = ''): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => socket.destroy()));
    socket.write(word);
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(() => {
    sockets.forEach((socket) => socket.destroy());
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function proxyTo(...ports: readonly number[]): Promise<Proxy> {
  const proxy = await startProxy({ targets: () => ports });
  opened.push(() => proxy.close());
  return proxy;
}

interface Caller {
  readonly socket: Socket;
  received: string;
  end: string | undefined;
}

function call({ port }: { port: number }, said = ''): Caller {
  const socket = connect({ port, host: '127.0.0.1' });
  const caller: Caller = { socket, received: '', end: undefined };
  socket.on('data', (chunk) => (caller.received += String(chunk)));
  socket.on('error', (error: NodeJS.ErrnoException) => (caller.end = error.code));
  socket.on('close', () => (caller.end ??= 'closed'));
  socket.write(said);
  opened.push(() => void socket.destroy());
  return caller;
}

async function until(isSo: () => boolean): Promise<number> {
  const began = performance.now();
  while (!isSo()) {
    if (performance.now() - began > 5_000) throw new Error('never');
    await sleep(5);
  }
  return performance.now() - began;
}

describe(startProxy.name, () => {
  it('passes bytes on, and ends with the other side', async () => {
    const caller = call(await proxyTo(await echo()), 'x'.repeat(300_000));
    await until(() => caller.received.length === 300_000);
    caller.socket.end();
    await until(() => caller.end === 'closed');
  });

  it('takes its targets in turn, past those that refuse', async () => {
    const nobody = await proxyTo();
    const gone = nobody.port;
    await nobody.close();
    opened.pop();
    const proxy = await proxyTo(await echo('one'), gone, await echo('two'));
    const callers = [call(proxy), call(proxy), call(proxy), call(proxy)];
    await until(() => callers.every(({ received }) => received !== ''));

    expect(new Set(callers.map(({ received }) => received))).toEqual(new Set(['one', 'two']));
  });

  it('is late', async () => {
    const proxy = await proxyTo(await echo());
    proxy.poison({ latencyMs: 100 });
    const caller = call(proxy, 'hello');

    // There and back.
    expect(await until(() => caller.received === 'hello')).toBeGreaterThanOrEqual(190);
  });

  it('swallows, and delivers when it is healed', async () => {
    const proxy = await proxyTo(await echo());
    const caller = call(proxy, 'one');
    await until(() => caller.received === 'one');
    proxy.poison({ blackhole: true });
    caller.socket.write('two');
    await sleep(100);
    expect([caller.received, caller.end]).toEqual(['one', undefined]);
    proxy.heal();
    await until(() => caller.received === 'onetwo');
  });

  it('drips', async () => {
    const proxy = await proxyTo(await echo());
    proxy.poison({ bytesPerSecond: 1_000 });
    const caller = call(proxy, 'x'.repeat(400));

    expect(await until(() => caller.received.length === 400)).toBeGreaterThan(300);
  });

  it('cuts a connection in the middle of an answer', async () => {
    const proxy = await proxyTo(await echo());
    proxy.poison({ cutAfterBytes: 100, bytesPerSecond: 2_000 });
    const caller = call(proxy, 'x'.repeat(1_000));
    await until(() => caller.end !== undefined);

    expect(caller.end).toBe('ECONNRESET');
    expect(caller.received.length).toBeLessThanOrEqual(200);
  });

  it('resets all, and refuses while it is told to', async () => {
    const proxy = await proxyTo(await echo('hello'));
    const standing = call(proxy);
    await until(() => standing.received === 'hello');
    proxy.refuse(true);
    proxy.reset();
    const refused = call(proxy);
    await until(() => standing.end !== undefined && refused.end !== undefined);
    expect([standing.end, refused.end, refused.received]).toEqual(['ECONNRESET', 'ECONNRESET', '']);
    expect(proxy.connections).toBe(0);

    proxy.heal();
    const again = call(proxy);
    await until(() => again.received === 'hello');
  });
});
