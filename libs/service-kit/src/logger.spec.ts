import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { createLogger } from './logger.ts';

/** The lines that a logger writes meanwhile. */
function written(write: (log: ReturnType<typeof createLogger>) => void): Record<string, unknown>[] {
  const sink = new PassThrough();
  write(createLogger('spec', 'info', sink));
  return String(sink.read() ?? '')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
const SECRET = 'rosewater';

describe(createLogger, () => {
  it('writes the fields of its list, and no other', () => {
    const [line] = written((log) => log.info({ jobId: 'j1', pms: 'acme', email: SECRET, payload: { a: SECRET } }, 'job settled'));

    expect(line).toMatchObject({ level: 'info', service: 'spec', jobId: 'j1', pms: 'acme', msg: 'job settled' });
    expect(Object.keys(line ?? {}).sort()).toEqual(['jobId', 'level', 'msg', 'pms', 'service', 'time']);
  });

  it.each([
    ['a nested object in an allowed field', (log) => log.info({ reason: { words: SECRET } }, 'x')],
    ['a child', (log) => log.child({ email: SECRET, jobId: 'j' }).info('x')],
    ['words put into the text', (log) => log.info('hello %s', SECRET)],
    ['words put into the text beside fields', (log) => log.info({ jobId: 'j' }, 'hello %s', SECRET)],
    ['an error as it is', (log) => log.error(new Error(SECRET))],
    ['an error as a field', (log) => log.error({ err: new Error(SECRET), error: new Error(SECRET) }, 'x')],
  ] as [string, (log: ReturnType<typeof createLogger>) => void][])('can not be got around by %s', (_, write) => {
    const lines = written(write);

    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toContain(SECRET);
  });

  it('keeps one event on one line, whatever is in a field', () => {
    const lines = written((log) => log.info({ reason: 'a\n{"level":"fatal"}\u001b[31m' }, 'x'));

    expect(lines).toEqual([expect.objectContaining({ level: 'info', reason: 'a\n{"level":"fatal"}\u001b[31m' })]);
  });

  it('says where in a trace it was written', () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    const place = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 };

    const [inside, outside] = written((log) => {
      context.with(trace.setSpanContext(context.active(), place), () => log.info('x'));
      log.info('x');
    });

    expect(inside).toMatchObject({ trace_id: place.traceId, span_id: place.spanId });
    expect(outside).not.toHaveProperty('trace_id');
  });
});
