/**
 * `npm start`: the whole system in the foreground until Ctrl-C or `npm stop`.
 *
 * Ends with 0 after a stop that was asked for and when a stack of this repository runs already, with 1 when something did not start.
 */
import { findFirstRequest, type FirstRequest } from './first-request.ts';
import { defaultDirectory } from './repository.ts';
import type { Stack } from './stack-contract.ts';
import { startStack } from './stack.ts';
import { StackRunningError } from './state.ts';

/** Below the ports that the kernel gives to outgoing connections, and not those of anything well known. */
const PREFERRED_PORTS = { gateway: 4600, sandbox: 4601, postgres: 4602, nats: 4603 } as const;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const sayStep = (line: string): void => say(`  ${line}`);

/** A terminal that went away is no reason to stop serving. */
process.stdout.on('error', () => undefined);

const curl = (key: string, rest: string): string => `  curl -sS -H 'Authorization: Bearer ${key}' ${rest}`;

function firstRequestLines(key: string, gateway: string, { url, body }: FirstRequest): readonly string[] {
  const put = `-X PUT -H 'Content-Type: application/json' -d '${JSON.stringify(body)}' ${url}`;
  return ['Change a record, then ask what became of it:', curl(key, put), curl(key, `${gateway}/v1/admin/write-status/<job_id>`)];
}

async function summary(stack: Stack): Promise<string> {
  const names = stack.services.map(({ name }) => name);
  if (!names.includes('gateway')) return `Running: ${names.join(', ')}. There is no gateway yet.`;
  const { gateway } = stack.urls;
  const lines = [`Latchkey is at ${gateway}. What each PMS can do: ${gateway}/v1/capabilities/`];
  const ids = Object.values(stack.integrations).map(({ id }) => id);
  if (ids.length > 0) {
    const key = stack.keys.api;
    const request = await findFirstRequest(gateway, key, ids);
    lines.push(`Demo API key: ${key}`, '', ...(request ? firstRequestLines(key, gateway, request) : []));
  }
  lines.push(
    '',
    'Addresses, keys and processes are in .latchkey/stack.json, logs in .latchkey/logs.',
    'Ctrl-C or npm stop ends it.',
  );
  return lines.join('\n');
}

async function main(): Promise<number> {
  const asked = new AbortController();
  // Not once: npm passes on a signal that the terminal has sent already, and the second one must not kill the stop half way.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => asked.abort());
  const stopAsked = new Promise<void>((resolve) => asked.signal.addEventListener('abort', () => resolve()));

  const started = Date.now();
  say('Starting Latchkey');
  try {
    const stack = await startStack({
      log: sayStep,
      preferredPorts: PREFERRED_PORTS,
      onCrash: 'restart',
      signal: asked.signal,
    });
    say(`Ready after ${((Date.now() - started) / 1000).toFixed(1)} s.\n\n${await summary(stack)}`);
    await stopAsked;
    say('Stopping');
    await stack.stop();
    return 0;
  } catch (error) {
    if (asked.signal.aborted) return 0;
    if (error instanceof StackRunningError) {
      const place = error.gatewayUrl ? `at ${error.gatewayUrl}` : 'and is still starting';
      say(`Latchkey runs already ${place} (process ${error.launcher.pid}). npm stop ends it.`);
      return 0;
    }
    say(
      `\n${error instanceof Error ? error.message : String(error)}\n\nEverything was stopped. State folder: ${defaultDirectory}`,
    );
    return 1;
  }
}

process.exit(await main());
