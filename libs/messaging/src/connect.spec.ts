import { expect, it } from '@jest/globals';
import { MessageBus } from './bus.ts';

it('S30: tells once which nats-server it is connected to', async () => {
  const versions: string[] = [];
  const bus = await MessageBus.connect({
    servers: process.env['TEST_NATS_URL'] ?? '',
    onConnected: (version) => void versions.push(version),
  });
  await bus.close();

  expect(versions).toEqual([expect.stringMatching(/^\d+\.\d+\.\d+/)]);
});
