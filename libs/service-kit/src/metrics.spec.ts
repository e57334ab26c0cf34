import { describe, expect, it } from '@jest/globals';
import { atMostEvery, metricsOf, processMetrics } from './metrics.ts';

describe(metricsOf, () => {
  it('makes what the table says, and shows it before the first value', async () => {
    const { metrics, registry } = metricsOf({
      latchkey_things_total: { kind: 'counter', help: 'Things', labels: ['pms'] },
      latchkey_age_seconds: { kind: 'gauge', help: 'Age' },
      latchkey_wait_seconds: { kind: 'histogram', help: 'Wait', buckets: [1, 2] },
    });

    metrics.latchkey_things_total.inc({ pms: 'acme' }, 2);
    metrics.latchkey_wait_seconds.observe(1.5);
    const text = await registry.metrics();

    expect(text).toContain('# HELP latchkey_age_seconds Age\n# TYPE latchkey_age_seconds gauge');
    expect(text).toContain('latchkey_things_total{pms="acme"} 2');
    expect(text).toContain('latchkey_wait_seconds_bucket{le="2"} 1');
  });

  it('knows no label beyond those of the house', () => {
    // @ts-expect-error an id would make a series for each tenant
    metricsOf({ latchkey_bad_total: { kind: 'counter', help: 'Bad', labels: ['integration_id'] } });
    const { metrics } = metricsOf({ latchkey_good_total: { kind: 'counter', help: 'Good', labels: ['pms'] } });

    // @ts-expect-error the table names another label
    expect(() => metrics.latchkey_good_total.inc({ state: 'HELD' })).toThrow(/label/);
  });
});

describe(processMetrics, () => {
  it('tells of memory and of the event loop', async () => {
    expect(await processMetrics().metrics()).toMatch(/process_resident_memory_bytes[\s\S]*nodejs_eventloop_lag_seconds/);
  });
});

describe(atMostEvery, () => {
  it('looks once for many who ask, and again when the look is old', async () => {
    let looks = 0;
    const look = atMostEvery(
      async () => void (looks += 1),
      () => {},
      40,
    );

    await Promise.all([look(), look(), look()]);
    const atOnce = looks;
    await new Promise((resolve) => setTimeout(resolve, 60));
    await look();

    expect([atOnce, looks]).toEqual([1, 2]);
  });

  it('reports a look that fails and goes on', async () => {
    const troubles: unknown[] = [];
    const look = atMostEvery(
      () => Promise.reject(new Error('down')),
      (error) => troubles.push(error),
    );

    await look();
    await look();

    expect(troubles).toEqual([new Error('down')]);
  });
});
