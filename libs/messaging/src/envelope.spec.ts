import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Module } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { NestFactory } from '@nestjs/core';
import type { INestMicroservice } from '@nestjs/common';
import { Problem } from '#problem';
import { answer } from './answer.ts';
import { Answers, natsServer, ProblemOverNats, startAnswering } from './answers.ts';
import { MessageBus } from './bus.ts';
import type { Contract } from './contract.ts';

const ask = <Request, Answer>(verb: string, repeatable = false): Contract<Request, Answer> => ({
  subject: `latchkey.envelope-spec.${verb}`,
  perPms: false,
  answeredBy: 'status',
  askedBy: ['router'],
  version: 1,
  timeoutMs: 5_000,
  repeatable,
});
const echo = ask<{ text: string; afterMs?: number }, { text: string }>('echo');
const patient = ask<{ text: string; afterMs?: number }, { text: string }>('echo', true);
const nowhere = ask<null, null>('nowhere');
const nowhereAtAll = ask<null, null>('nowhere', true);

@Controller()
class Echo {
  @Answers(echo)
  async echo(@Payload() { text, afterMs = 0 }: { text: string; afterMs?: number }): Promise<{ text: string }> {
    if (text === 'bad') throw new Problem('conflict', 'Not this one.');
    if (afterMs > 0) await new Promise((resolve) => setTimeout(resolve, afterMs));
    return { text };
  }
}
@Module({ controllers: [Echo] })
class EchoModule {}

const url = process.env['TEST_NATS_URL'] ?? '';
let bus: MessageBus;
let app: INestMicroservice;
/** Messages on the wire: what is asked, by subject. */
let envelopes = 0;

beforeAll(async () => {
  bus = await MessageBus.connect({ servers: url });
  bus.connection.subscribe(echo.subject, { callback: () => void (envelopes += 1) });
});
afterAll(() => bus.close());
async function listening(): Promise<INestMicroservice> {
  const made = await NestFactory.createMicroservice(EchoModule, { ...natsServer(url, 'echo'), logger: false });
  made.useGlobalFilters(new ProblemOverNats(() => {}));
  await startAnswering(made);
  return made;
}
beforeEach(async () => {
  envelopes = 0;
  app = await listening();
});
afterEach(() => app.close());

describe('requests in envelopes', () => {
  it('share a message when they are asked in one turn, and each gets its own answer', async () => {
    const texts = Array.from({ length: 200 }, (_, nth) => `letter ${nth}`);

    const answers = await Promise.all(texts.map((text) => bus.request(echo, { text })));

    expect(answers.map(({ text }) => text)).toEqual(texts);
    expect(envelopes).toBe(4);
  });

  it('travel at once when they are alone', async () => {
    for (const text of ['a', 'b', 'c']) expect(await bus.request(echo, { text })).toEqual({ text });
    expect(envelopes).toBe(3);
  });

  it('do not wait for a slow one, nor fail with a refused one', async () => {
    const slow = bus.request(echo, { text: 'slow', afterMs: 400 });
    const refused = bus.request(echo, { text: 'bad' }).catch((error: unknown) => error);
    const started = performance.now();

    expect(await bus.request(echo, { text: 'quick' })).toEqual({ text: 'quick' });
    expect(performance.now() - started).toBeLessThan(300);
    expect(await refused).toMatchObject({ code: 'conflict', detail: 'Not this one.' });
    expect(await slow).toEqual({ text: 'slow' });
    expect(envelopes).toBe(1);
  });

  it('split where they would become too large', async () => {
    const text = 'x'.repeat(100_000);
    await Promise.all([1, 2, 3].map(() => bus.request(echo, { text })));
    expect(envelopes).toBe(3);
  });

  it('are told at once that nobody listens', async () => {
    const started = performance.now();
    await expect(bus.request(nowhere, null)).rejects.toMatchObject({ code: 'unavailable' });
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('are given up after their time, each for itself', async () => {
    const late = bus.request(echo, { text: 'late', afterMs: 500 }, { timeoutMs: 100 });
    const patient = bus.request(echo, { text: 'patient', afterMs: 500 });
    await expect(late).rejects.toMatchObject({ code: 'unavailable' });
    expect(await patient).toEqual({ text: 'patient' });
  });

  it('are all answered by a service that stops', async () => {
    const asked = Array.from({ length: 20 }, (_, nth) => bus.request(echo, { text: `${nth}`, afterMs: 300 }));
    await bus.connection.flush();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await app.close();
    expect(await Promise.all(asked)).toHaveLength(20);
  });

  it('wait for somebody who listens, if they may be asked again, but not for long', async () => {
    const asked = bus.request(ask<string, string>('late', true), 'still here');
    const hopeless = bus.request(nowhereAtAll, null).catch((error: unknown) => error);
    await expect(bus.request(ask<string, string>('late'), 'now or never')).rejects.toMatchObject({ code: 'unavailable' });
    const listener = answer(bus.connection, ask<string, string>('late'), (text) => text);

    expect(await asked).toBe('still here');
    listener.unsubscribe();
    const started = performance.now();
    expect(await hopeless).toMatchObject({ code: 'unavailable' });
    expect(performance.now() - started).toBeLessThan(4_000);
  }, 15_000);

  it('are asked again when whoever heard them died, if they may be', async () => {
    await app.close();
    const mute = bus.connection.subscribe(echo.subject, { queue: 'echo' });
    const asked = bus.request(patient, { text: 'twice' });
    await bus.connection.flush();
    mute.unsubscribe();
    app = await listening();

    expect(await asked).toEqual({ text: 'twice' });
  });

  it('outlive the connection, if they may be asked again', async () => {
    const asked = Promise.all([1, 2, 3].map((nth) => bus.request(patient, { text: `${nth}`, afterMs: 600 })));
    await bus.connection.flush();
    await bus.connection.reconnect();

    expect(await asked).toHaveLength(3);
  });

  it.each(['', 'nonsense', '7', '{"id":1}'])('that are none harm neither side: %p', async (nonsense) => {
    bus.connection.publish(echo.subject, nonsense);
    expect(await bus.request(echo, { text: 'still well' })).toEqual({ text: 'still well' });

    const odd = ask<null, null>('odd');
    const listener = bus.connection.subscribe(odd.subject, {
      callback: (_error, message) => void message.respond(nonsense || ' '),
    });
    await expect(bus.request(odd, null)).rejects.toMatchObject({ code: 'unavailable' });
    listener.unsubscribe();
  });
});
