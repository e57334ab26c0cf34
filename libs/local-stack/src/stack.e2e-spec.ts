import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { answersOk } from './api.ts';
import { identify, isRunning } from './identity.ts';
import { inRoot } from './repository.ts';
import type { Stack, StackOptions } from './stack-contract.ts';
import { startStack } from './stack.ts';
import { readSummary, StackRunningError } from './state.ts';

mkdirSync(inRoot('.latchkey'), { recursive: true });
const directory = mkdtempSync(inRoot('.latchkey', 'e2e-stack-'));
const stacks: Stack[] = [];

// The one service that needs no other: what is promised here holds for each, and must not fail because of another.
const start = async (more: Partial<StackOptions> = {}): Promise<Stack> => {
  const stack = await startStack({ directory, services: ['sandbox'], databaseUrl: '', natsUrl: '', ...more });
  stacks.push(stack);
  return stack;
};

const health = (stack: Stack): Promise<boolean> => answersOk(`${stack.urls.sandbox}/_health`);

afterEach(() => Promise.all(stacks.splice(0).map((stack) => stack.stop())));
afterAll(async () => {
  const last = await start({ services: [] });
  await last.discard();
  rmSync(directory, { recursive: true, force: true });
});

describe(startStack.name, () => {
  it('starts what was asked for, tells where it is, and leaves nothing running after a stop', async () => {
    const stack = await start();
    const identities = stack.services.map(({ pid }) => identify(pid ?? 0));
    expect(stack.services.map(({ name }) => name).sort()).toEqual(['nats', 'postgres', 'sandbox']);
    expect(await health(stack)).toBe(true);
    expect(readSummary(directory)).toMatchObject({ nats_url: stack.urls.nats, sandbox: { url: stack.urls.sandbox } });

    await stack.stop();

    expect(identities.every((identity) => identity && !isRunning(identity))).toBe(true);
    expect(existsSync(join(directory, 'stack.json'))).toBe(false);
  }, 120_000);

  it('comes back at the same addresses', async () => {
    const first = await start();
    const { sandbox, database } = first.urls;
    await first.stop();
    const second = await start();

    expect(second.urls.sandbox).toBe(sandbox);
    expect(second.urls.database).toBe(database);
  }, 120_000);

  it('refuses a folder that belongs to a running stack', async () => {
    await start();

    await expect(start()).rejects.toThrow(StackRunningError);
  }, 120_000);

  it('names the service that does not come up, and stops the rest', async () => {
    const failing = start({ env: { sandbox: { NODE_OPTIONS: '--require=/nowhere/absent.cjs' } } });

    await expect(failing).rejects.toThrow(/sandbox ended with exit code 1.*absent/s);

    expect(existsSync(join(directory, 'launcher.json'))).toBe(false);
    expect(existsSync(join(directory, 'run', 'postgres.json'))).toBe(false);
  }, 120_000);

  it('brings a killed service back on request', async () => {
    const stack = await start();
    await stack.kill('sandbox', 'SIGKILL');
    expect(await health(stack)).toBe(false);

    await stack.restart('sandbox');

    expect(await health(stack)).toBe(true);
  }, 120_000);

  it('says what a stack does not have', async () => {
    const stack = await start();

    expect(() => stack.urls.gateway).toThrow('this stack has no gateway');
    expect(() => stack.keys).toThrow('this stack has no demo organization');
    expect(() => stack.service('gateway')).toThrow('it has');
  }, 120_000);
});
