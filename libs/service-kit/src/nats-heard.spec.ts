import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { createLogger } from './logger.ts';
import { natsHeard } from './nats-heard.ts';

/** What the log says of a server, its time and service apart. */
function warnings(production: boolean, version: string): string[] {
  const sink = new PassThrough();
  natsHeard({ production }, createLogger('spec', 'info', sink)).onConnected(version);
  const lines = String(sink.read() ?? '')
    .split('\n')
    .filter(Boolean);
  return lines.map((line) => {
    const { level, msg, reason } = JSON.parse(line) as Record<string, string>;
    return `${level}: ${msg} (${reason})`;
  });
}

describe(natsHeard, () => {
  it.each(['2.9.10', '2.10.27', '2.12.6', '1.99.99', '', 'nightly'])(
    'S30: warns once of nats-server "%s" in production',
    (version) => {
      expect(warnings(true, version)).toEqual([
        `warn: nats-server has known holes (${version || 'unknown'} is older than 2.12.7)`,
      ]);
    },
  );

  it.each(['2.12.7', '2.12.10', '2.14.0', '3.0.0', '2.12.7-RC.1'])('S30: says nothing of nats-server %s', (version) => {
    expect(warnings(true, version)).toEqual([]);
  });

  it('S30: says nothing outside of production', () => {
    expect(warnings(false, '2.9.10')).toEqual([]);
  });
});
