import { afterEach, describe, expect, it } from '@jest/globals';
import { armFailpoints, failpoint } from '#failpoints';
import { startInternalServer } from './internal-server.ts';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  armFailpoints('');
  for (const it of opened.splice(0)) await it.close();
});

async function serve(harmful: boolean): Promise<string> {
  const server = await startInternalServer({ host: '127.0.0.1', port: 0, checks: () => ({}), metrics: () => '', harmful });
  opened.push(server);
  return `http://127.0.0.1:${server.port}/failpoints`;
}
const post = (url: string, body: string): Promise<Response> => fetch(url, { method: 'POST', body });

describe('/failpoints', () => {
  it('arms a point, tells what it did, and disarms it', async () => {
    const url = await serve(true);

    expect((await post(url, 'claim.after-commit=throw')).status).toBe(200);
    expect(() => failpoint('claim.after-commit')).toThrow('failpoint claim.after-commit');
    expect(await (await fetch(url)).json()).toEqual({ 'claim.after-commit': 1 });
    await post(url, '');
    expect(() => failpoint('claim.after-commit')).not.toThrow();
  });

  it('refuses what it cannot read, and changes nothing then', async () => {
    const url = await serve(true);
    await post(url, 'claim.after-commit=throw');

    expect((await post(url, 'claim.after-commit=explode')).status).toBe(400);
    expect(() => failpoint('claim.after-commit')).toThrow();
  });

  it('is not there in production', async () => {
    const url = await serve(false);

    expect((await post(url, 'claim.after-commit=throw')).status).toBe(404);
    expect(() => failpoint('claim.after-commit')).not.toThrow();
  });
});
