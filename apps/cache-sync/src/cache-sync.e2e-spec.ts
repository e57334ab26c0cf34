import { describe, expect, it } from '@jest/globals';
import { dropIntegration, ensureStreams, getRecord, listDataDiffs, locateRecords, startSync, STREAMS } from '#messaging';
import { Problem } from '#problem';
import { aPrincipal } from '../testing/origin.ts';
import { anEvent, eventually, useService, wanted } from '../testing/service.ts';

describe('cache-sync', () => {
  const t = useService();

  it('reads every model of every integration at its start, in order and page by page', async () => {
    t.pms.has('properties', { '42': { name: 'Elm Court' } });
    t.pms.has('residents', {
      '1': { first_name: 'Ann', x_property_id: '42' },
      '2': { first_name: 'Bob' },
      '3': { first_name: 'Cid' },
    });
    t.stop = await t.startService();
    await t.thereIsAnIntegration();

    await eventually(async () => expect(await t.names()).toEqual(['Ann', 'Bob', 'Cid']));

    expect(t.pms.asked.map(({ model, cursor }) => [model, cursor])).toEqual([
      ['properties', undefined],
      ['residents', undefined],
      ['residents', '2'],
    ]);
    const [ann] = (await t.list({ 'order-by': 'x_id:asc' })).results;
    const [property] = await t.bus.request(locateRecords, { organization_id: 'org-a', ids: [String(ann?.property_id)] });
    expect(property).toMatchObject({ model: 'properties', x_id: '42' });
    const one = await t.bus.request(getRecord, { principal: aPrincipal(), model: 'residents', id: String(ann?.id) });
    expect(one.result).toEqual(ann);
    await eventually(async () =>
      expect(await t.runs()).toMatchObject([
        { model: 'properties', state: 'SUCCEEDED', records: 1, pages: 1 },
        { model: 'residents', state: 'SUCCEEDED', records: 3, pages: 2 },
      ]),
    );
  });

  it('tries a page again, and goes on with the next model when one can not be read', async () => {
    let failures = 2;
    t.pms.has('properties', { '42': {} });
    t.pms.has('units', { '5': {} });
    t.pms.has('residents', { '1': { first_name: 'Ann' } });
    t.pms.before = ({ model }) => {
      if (model === 'properties' && failures-- > 0) throw new Problem('unavailable', 'The PMS does not answer.');
      if (model === 'units') throw new Problem('operation_not_supported', 'Units can not be listed.');
    };
    t.stop = await t.startService();

    expect(await t.bus.request(startSync, wanted())).toEqual({ started: true });

    await eventually(async () =>
      expect(await t.runs()).toMatchObject([
        { model: 'properties', state: 'SUCCEEDED', error: null },
        { model: 'units', state: 'FAILED', error: 'Units can not be listed.' },
        { model: 'residents', state: 'SUCCEEDED' },
      ]),
    );
    expect(t.pms.asked.map(({ model }) => model)).toEqual(['properties', 'properties', 'properties', 'units', 'residents']);
  });

  it('gives a record the id that was promised for it, also when the news of its creation never comes', async () => {
    t.pms.has('residents', { '77': { first_name: 'Ann' }, '78': { first_name: 'Bob' } });
    t.made = [{ x_id: '77', record_id: 'promised0000000000000000a' }];
    t.stop = await t.startService();

    await t.bus.request(startSync, wanted());

    await eventually(async () => expect(await t.names()).toEqual(['Ann', 'Bob']));
    const [ann] = (await t.list({ 'order-by': 'x_id:asc' })).results;
    expect(ann?.id).toBe('promised0000000000000000a');
  });

  it('goes on where it was stopped, and does not read the same integration twice at once', async () => {
    t.pms.has('residents', { '1': { first_name: 'Ann' }, '2': { first_name: 'Bob' }, '3': { first_name: 'Cid' } });
    let hang = true;
    t.pms.before = async ({ cursor }) => {
      if (cursor === '2' && hang) await new Promise((resolve) => setTimeout(resolve, 60_000).unref());
    };
    const stopFirst = await t.startService();
    await t.bus.request(startSync, wanted());
    await eventually(() => expect(t.pms.asked).toHaveLength(2));

    expect(await t.bus.request(startSync, wanted())).toEqual({ started: false });
    await stopFirst();
    hang = false;
    t.stop = await t.startService();

    await eventually(async () => expect(await t.names()).toEqual(['Ann', 'Bob', 'Cid']));
    expect(t.pms.asked.map(({ cursor }) => cursor)).toEqual([undefined, '2', '2']);
    expect(await t.runs()).toMatchObject([{ state: 'SUCCEEDED', pages: 2, records: 3 }]);
  });

  it('forgets a dropped integration, even while it is read', async () => {
    t.pms.has('residents', { '1': { first_name: 'Ann' }, '2': {}, '3': {} });
    let release: () => void = () => undefined;
    t.pms.before = ({ cursor }) => (cursor === '2' ? new Promise<void>((resolve) => (release = resolve)) : undefined);
    t.stop = await t.startService();
    await t.bus.request(startSync, wanted());
    await eventually(() => expect(t.pms.asked).toHaveLength(2));

    expect(await t.bus.request(dropIntegration, { integration_id: 'integration-a' })).toEqual({ ok: true });
    release();

    await eventually(async () => expect(await t.bus.request(startSync, wanted('other'))).toEqual({ started: true }));
    expect((await t.list({ integration_id: 'integration-a' })).meta.total).toBe(0);
  });

  it('reads a created record back under the promised id, once the PMS shows it', async () => {
    t.pms.has('residents', {});
    t.stop = await t.startService();
    await ensureStreams(t.bus);
    await t.publish({});
    await eventually(() => expect(t.pms.asked).toHaveLength(1));

    const promised = await t.bus.request(locateRecords, { organization_id: 'org-a', ids: ['promised0000000000000000a'] });
    expect(promised).toMatchObject([{ model: 'residents', x_id: '77' }]);
    expect(await t.names()).toEqual([]);
    expect(t.refreshed).toEqual([]);

    t.pms.has('residents', { '77': { first_name: 'Ann' } });
    await eventually(async () => expect(await t.names()).toEqual(['Ann']));
    expect((await t.list()).results[0]).toMatchObject({ id: 'promised0000000000000000a', integration_vendor: 'SOME_PMS' });
    await eventually(() => expect(t.refreshed).toEqual(['job-a']));
  });

  it('keeps the place of a created record that is not to be read back, and reads an updated one', async () => {
    t.pms.has('residents', { '77': { first_name: 'Ann' }, '78': { first_name: 'Bob' } });
    t.stop = await t.startService();
    await ensureStreams(t.bus);

    await t.publish({ refresh: false });
    await t.publish({ job_id: 'job-failed', state: 'FAILED', x_id: '79', record_id: 'promised0000000000000000c' });
    await t.publish({ job_id: 'job-b', operation: 'update', x_id: '78', record_id: 'known00000000000000000000' });

    await eventually(() => expect(t.refreshed).toEqual(['job-b']));
    expect(await t.names()).toEqual(['Bob']);
    const ids = ['promised0000000000000000a', 'promised0000000000000000c'];
    // Events of different writes are handled side by side.
    await eventually(async () =>
      expect(await t.bus.request(locateRecords, { organization_id: 'org-a', ids })).toMatchObject([{ x_id: '77' }]),
    );
    expect(t.pms.asked.map(({ x_id }) => x_id)).toEqual(['78']);
  });

  it('tells the ledger what came back otherwise than it was written', async () => {
    t.pms.has('residents', { '78': { first_name: 'Robert', last_name: 'Stone' } });
    t.written = { operation: 'update', values: { first_name: 'Bob', last_name: 'Stone' }, references: {} };
    t.stop = await t.startService();
    await ensureStreams(t.bus);

    await t.publish({ operation: 'update', x_id: '78', record_id: 'known00000000000000000000' });

    const differences = [{ field: 'first_name', written: 'Bob', found: 'Robert', normalised: false }];
    await eventually(() => expect(t.notes).toMatchObject([{ job_id: 'job-a', verified: false, differences }]));
    const diffs = await t.bus.request(listDataDiffs, { principal: aPrincipal(), query: { integration_id: 'integration-a' } });
    expect(diffs.results).toMatchObject([{ model: 'residents', event_type: 'NEW', job_id: 'job-a' }]);
  });

  it('goes on following the writes when the message store was lost and made anew', async () => {
    t.pms.has('residents', { '77': { first_name: 'Ann' } });
    await ensureStreams(t.bus);
    t.stop = await t.startService();
    await t.publish({ job_id: 'job-before' });
    await eventually(() => expect(t.refreshed).toEqual(['job-before']));

    await (await t.bus.jetstreamManager()).streams.delete(STREAMS.events.name);
    await ensureStreams(t.bus);
    await t.publish({ job_id: 'job-after' });

    await eventually(() => expect(t.refreshed).toEqual(['job-before', 'job-after']), 20_000);
  });

  it('looks for a record ever less often, and leaves it to the next sync after a quarter of an hour', async () => {
    const { events } = t.parts();
    const event = anEvent();
    const minutesLater = (minutes: number) => events.handle(event, Date.parse(event.at) + minutes * 60_000);
    t.pms.has('residents', {});

    expect(await minutesLater(0)).toEqual({ kind: 'again', afterMs: 1_000 });
    expect(await minutesLater(0.5)).toEqual({ kind: 'again', afterMs: 30_000 });
    expect(await minutesLater(14)).toEqual({ kind: 'again', afterMs: 60_000 });
    expect(await minutesLater(15)).toEqual({ kind: 'done' });
  });

  it('drops an event whose promised id is another record, or whose PMS is unknown', async () => {
    const { events } = t.parts();
    await events.handle(anEvent({ refresh: false }));

    expect(await events.handle(anEvent({ x_id: '78' }))).toMatchObject({ kind: 'dead' });
    expect(await events.handle(anEvent({ pms: 'no-such-pms' }))).toMatchObject({ kind: 'dead' });
  });

  it('says what is wrong with a list in a way that travels', async () => {
    t.stop = await t.startService();

    const refusal = await t.list({ nickname: 'x', limit: '0' }).catch((error: unknown) => Problem.from(error));

    expect(refusal).toMatchObject({ code: 'invalid_request', errors: [{ code: 'unknown_field' }, { code: 'invalid_value' }] });
  });
});
