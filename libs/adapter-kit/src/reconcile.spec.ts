import { afterEach, describe, expect, it } from '@jest/globals';
import { madeBy, type Capability, type OperationSpec, type Step } from '#capabilities';
import { CREDENTIALS, VISIBLE_AFTER_MS, widgets, type RemoteWidget, type WidgetOptions } from '../testing/acme.ts';
import { closeAll, speakingTo } from '../testing/client.ts';
import { json, type Answer } from '../testing/vendor.ts';
import type { Ending, Job } from './job.ts';
import { perform } from './perform.ts';
import { reconcile, type InDoubt } from './reconcile.ts';

afterEach(closeAll);

const SENT_AT = new Date(Date.now() - 60_000);
const iso = (secondsAfterSending: number): string => new Date(SENT_AT.getTime() + secondsAfterSending * 1_000).toISOString();
const MADE: RemoteWidget = { Id: 41, Name: 'gear', Email: 'gear@example.com', BoxId: 7, Created: iso(1) };

const NEW: Omit<Job, 'capability'> = {
  operation: 'create',
  values: { name: 'gear', email: 'gear@example.com', box_id: 'our-box' },
  references: { box_id: '7' },
  recordId: null,
  done: {},
};
const CHANGE: Omit<Job, 'capability'> = { ...NEW, operation: 'update', values: { name: 'cog' }, references: {}, recordId: '41' };

interface Asked {
  readonly ending: Ending;
  readonly targets: string[];
}
async function settling(
  job: Omit<Job, 'capability'>,
  answer: Answer,
  more: {
    options?: WidgetOptions;
    capability?: Capability;
    doubt?: Partial<InDoubt>;
    emptyLooks?: number;
    timeoutMs?: number;
  } = {},
): Promise<Asked> {
  const { options, capability = widgets(options), doubt, emptyLooks = 0, timeoutMs = 5_000 } = more;
  const { client, vendor } = await speakingTo({ answer, widget: capability, credentials: CREDENTIALS, timeoutMs });
  const step = job.operation === 'create' ? 'make' : 'change';
  const ending = await reconcile(client, { ...job, capability }, { step, sentAt: SENT_AT, memo: {}, ...doubt }, emptyLooks);
  // Whatever it finds, it only reads.
  expect(vendor.seen.every(({ method }) => method === 'GET')).toBe(true);
  return { ending, targets: vendor.seen.map(({ target }) => target) };
}
const listing =
  (...records: readonly unknown[]): Answer =>
  (_, response) =>
    json(response, records);
const kindOf = async (asked: Promise<Asked>): Promise<string> => (await asked).ending.outcome.kind;

describe('a search for a record that may have been created', () => {
  it('finds exactly one, in the PMS’s own spelling', async () => {
    const { ending, targets } = await settling(
      { ...NEW, values: { ...NEW.values, name: ' gear' } },
      listing({ ...MADE, Name: 'Gear ', Email: 'GEAR@example.com' }),
    );

    expect(ending.outcome).toEqual({ kind: 'resume' });
    expect(ending.finished).toEqual({ step: 'make', result: { x_id: '41', memo: {} } });
    expect(decodeURIComponent(targets[0] ?? '')).toContain(`since=${new Date(SENT_AT.getTime() - 300_000).toISOString()}`);
  });

  it('is the end of the write when no step follows', async () => {
    const { steps } = widgets().create as OperationSpec;
    const { ending } = await settling(NEW, listing(MADE), { options: { create: { steps: [steps[0]] } } });

    expect(ending).toEqual({
      outcome: { kind: 'succeeded', x_id: '41', resolution: 'reconciled' },
      finished: { step: 'make', result: { x_id: '41', memo: {} } },
    });
  });

  it.each([
    ['another name', { Name: 'cog' }],
    ['another reference', { BoxId: 8 }],
    ['no reference', { BoxId: null }],
    ['a value where none was wanted', { Email: 'other@example.com' }],
    ['an earlier time', { Created: iso(-3_600) }],
    ['an earlier time in another zone', { Created: `${iso(4 * 3_600).slice(0, 19)}+06:00` }],
  ])('takes no record with %s for ours', async (_, change) => {
    expect(await kindOf(settling(NEW, listing({ ...MADE, ...change }), { emptyLooks: 1 }))).toBe('absent');
  });

  it('finds records on every page, and counts one that is listed twice once', async () => {
    const others = Array.from({ length: 3 }, (_, index) => ({ Id: index + 1, Name: 'other', Created: iso(1) }));
    const answer: Answer = ({ target }, response) =>
      json(response, target.includes('offset=0') ? others : [MADE, MADE], 200, { 'x-total': '5' });

    const { ending, targets } = await settling(NEW, answer);

    expect(targets).toHaveLength(2);
    expect(ending.finished).toMatchObject({ step: 'make', result: { x_id: '41' } });
  });

  it('leaves it to a person when several are found', async () => {
    expect(await kindOf(settling(NEW, listing(MADE, { ...MADE, Id: 42 }), { emptyLooks: 1 }))).toBe('review');
  });

  it.each([
    ['has no id', { Id: null }],
    ['has an id that is none', { Id: { a: 1 } }],
    ['has no time', { Created: undefined }],
    ['has a time without a zone', { Created: iso(-3 * 3_600).slice(0, 19) }],
  ])('leaves it to a person when the one found %s', async (_, change) => {
    expect(await kindOf(settling(NEW, listing({ ...MADE, ...change }), { emptyLooks: 1 }))).toBe('review');
  });

  it('believes a time without a zone that is older in every zone', async () => {
    expect(await kindOf(settling(NEW, listing({ ...MADE, Created: iso(-20 * 3_600).slice(0, 19) }), { emptyLooks: 1 }))).toBe(
      'absent',
    );
  });

  it('believes in absence only the second time, and not before the PMS surely shows it', async () => {
    expect(await kindOf(settling(NEW, listing(), { emptyLooks: 0 }))).toBe('doubt');
    expect(
      await kindOf(settling(NEW, listing(), { emptyLooks: 1, doubt: { sentAt: new Date(Date.now() - VISIBLE_AFTER_MS / 2) } })),
    ).toBe('doubt');
    expect(await kindOf(settling(NEW, listing(), { emptyLooks: 1 }))).toBe('absent');
    expect(await kindOf(settling(NEW, (_, response) => void response.writeHead(204).end(), { emptyLooks: 1 }))).toBe('absent');
  });

  it('counts a look as empty only when it was answered and late enough', async () => {
    const tooEarly = { sentAt: new Date(Date.now() - VISIBLE_AFTER_MS / 2) };

    expect((await settling(NEW, listing())).ending.outcome).toMatchObject({ kind: 'doubt', empty_look: true });
    expect((await settling(NEW, listing(), { doubt: tooEarly })).ending.outcome).not.toHaveProperty('empty_look');
  });

  const NO_LIST: [string, Answer][] = [
    ['lost', (_, response) => void response.destroy()],
    ['silent', () => {}],
    ['an error', (_, response) => json(response, {}, 500)],
    ['a refusal', (_, response) => json(response, {}, 403)],
    ['refused credentials', (_, response) => json(response, {}, 401)],
    ['a limit', (_, response) => json(response, {}, 429)],
    ['a page', (_, response) => void response.end('<html>')],
    ['empty', (_, response) => void response.end()],
    ['null', (_, response) => json(response, null)],
    ['an object', (_, response) => json(response, { error: 'no' })],
    ['a text', (_, response) => json(response, 'no')],
    ['a list that ends before its end', (_, response) => json(response, [], 200, { 'x-total': '5' })],
    [
      'a list without end',
      (_, response) =>
        json(
          response,
          [1, 2, 3].map((Id) => ({ Id, Created: iso(1) })),
        ),
    ],
    ['a list of texts', (_, response) => json(response, ['no', 'no'])],
    ['a list with a record without an id', (_, response) => json(response, [{ ...MADE, Id: null, Name: null }])],
    ['a list of what can not be read', (_, response) => json(response, [{ ...MADE, Bought: 5 }])],
  ];
  it.each(NO_LIST)('never takes an answer that is %s for absence', async (what, answer) => {
    const { ending } = await settling(NEW, answer, { emptyLooks: 9, timeoutMs: what === 'silent' ? 150 : 5_000 });

    expect(ending.outcome).toMatchObject({ kind: 'doubt', policy: 'search', settle_after_ms: VISIBLE_AFTER_MS });
    expect(ending.outcome).not.toHaveProperty('empty_look');
  });

  it('fails on the second page as on the first', async () => {
    const others = Array.from({ length: 3 }, (_, index) => ({ Id: index + 1, Created: iso(1) }));
    const answer: Answer = ({ target }, response) =>
      target.includes('offset=0') ? json(response, others) : json(response, {}, 500);

    expect(await kindOf(settling(NEW, answer, { emptyLooks: 9 }))).toBe('doubt');
  });

  it('leaves it to a person when records have no ids that it knows', async () => {
    expect(await kindOf(settling(NEW, listing(MADE), { options: { reads: { lacks: 'No lists.' } } }))).toBe('review');
  });
});

/** What an update notes before it sends, for a record as it was. */
async function memoOf(job: Omit<Job, 'capability'>, stored: unknown): Promise<Readonly<Record<string, unknown>>> {
  const capability = widgets();
  const { client } = await speakingTo({ answer: (_, response) => json(response, stored), widget: capability });
  let noted: Readonly<Record<string, unknown>> = {};
  const sending = async (_: string, memo: Readonly<Record<string, unknown>>): Promise<void> => void (noted = memo);
  await perform(client, { ...job, capability }, { sending, finished: async () => {} });
  return noted;
}

describe('a reading back of a record that may have been changed', () => {
  const showing =
    (change: Partial<Record<keyof RemoteWidget, unknown>>): Answer =>
    (_, response) =>
      json(response, { ...MADE, ...change });
  const { steps } = widgets().update as OperationSpec;
  const inOneStep: WidgetOptions = { update: { steps: [steps[0]] } };
  const readingBack = async (shown: Answer, emptyLooks = 1, job = CHANGE, options = inOneStep): Promise<Asked> =>
    settling(job, shown, { options, emptyLooks, doubt: { memo: await memoOf(job, MADE) } });

  it('is success when the record is as wanted', async () => {
    const { ending, targets } = await readingBack(showing({ Name: ' cog' }), 0);

    expect(ending).toEqual({
      outcome: { kind: 'succeeded', x_id: '41', resolution: 'reconciled' },
      finished: { step: 'change', result: { x_id: null, memo: {} } },
    });
    expect(targets).toEqual(['/widgets/41']);
  });

  it('goes on with the steps that follow', async () => {
    const job = { ...CHANGE, values: { name: 'cog', print: 'heavy' } };

    expect((await readingBack(showing({ Name: 'cog' }), 0, job, {})).ending.outcome.kind).toBe('resume');
  });

  it('proves that nothing happened when the record is as before, the second time', async () => {
    expect((await readingBack(showing({}), 0)).ending.outcome.kind).toBe('doubt');
    expect((await readingBack(showing({}), 1)).ending.outcome.kind).toBe('absent');
    // Other fields may change meanwhile.
    expect((await readingBack(showing({ Phone: '5' }), 1)).ending.outcome.kind).toBe('absent');
  });

  it('leaves it to a person when the record is neither as before nor as wanted', async () => {
    expect((await readingBack(showing({ Name: 'wheel' }))).ending.outcome.kind).toBe('review');
  });

  it('leaves it to a person when it is not known how the record was', async () => {
    expect(await kindOf(settling(CHANGE, showing({}), { emptyLooks: 1 }))).toBe('review');
  });

  it.each([
    ['404', (_: unknown, response: Parameters<Answer>[1]) => json(response, {}, 404)],
    ['no content', (_: unknown, response: Parameters<Answer>[1]) => void response.writeHead(204).end()],
  ])('leaves it to a person when the record is gone (%s)', async (_, answer) => {
    expect((await readingBack(answer)).ending.outcome.kind).toBe('review');
  });

  it.each([
    ['an error', (_: unknown, response: Parameters<Answer>[1]) => json(response, {}, 500)],
    ['a page', (_: unknown, response: Parameters<Answer>[1]) => void response.end('<html>')],
    ['null', (_: unknown, response: Parameters<Answer>[1]) => json(response, null)],
    ['lost', (_: unknown, response: Parameters<Answer>[1]) => void response.destroy()],
    [
      'what can not be read',
      (_: unknown, response: Parameters<Answer>[1]) => json(response, { ...MADE, Name: 'cog', Bought: 5 }),
    ],
  ])('waits when the answer is %s', async (_, answer) => {
    expect((await readingBack(answer, 9)).ending.outcome).toMatchObject({ kind: 'doubt', policy: 'read_back' });
  });

  it('proves nothing by what was wanted and there before, when something else can not be read', async () => {
    const job = { ...CHANGE, values: { name: 'gear', code: 'x' } };

    expect((await readingBack(showing({}), 1, job)).ending.outcome.kind).toBe('absent');
    expect((await readingBack(showing({}), 1, { ...job, values: { name: 'gear' } })).ending.outcome.kind).toBe('succeeded');
    expect((await readingBack(showing({}), 1, { ...job, values: { code: 'x' } })).ending.outcome.kind).toBe('review');
  });

  it.each([
    ['a telephone number in other punctuation', { phone: '+1 (555) 010-0000' }, { Phone: '15550100000' }],
    ['a date with a time', { bought_on: '2026-01-31T10:00:00Z' }, { Bought: '2026-01-31' }],
    ['an amount', { price_in_cents: 1_999 }, { Price: 19.99 }],
    ['a text with other line ends', { name: 'a\nb' }, { Name: 'a\r\nb\r\n' }],
    ['a cleared value', { name: null }, { Name: '' }],
  ])('knows %s again', async (_, values, shown) => {
    expect((await readingBack(showing(shown), 0, { ...CHANGE, values })).ending.outcome.kind).toBe('succeeded');
  });
});

describe('a doubt that nothing can settle', () => {
  it('goes to a person, with the reason of the declaration', async () => {
    const options: WidgetOptions = { create: { doubt: { policy: 'person', because: 'Money moved.' } } };

    expect((await settling(NEW, listing(), { options })).ending.outcome).toEqual({ kind: 'review', errors: ['Money moved.'] });
  });

  it('goes to a person when the step is not known any more', async () => {
    expect(await kindOf(settling(NEW, listing(), { doubt: { step: 'former' } }))).toBe('review');
  });

  it('goes to a person when a step happened whose id is needed and can not be read', async () => {
    const { update, create, ...rest } = widgets();
    const [, label] = (create as OperationSpec).steps;
    // An update whose second step goes by what the first one made.
    const steps = [
      { ...(update as OperationSpec).steps[0], id: 'VersionId' },
      { ...label, call: { ...(label as Step).call, params: { id: madeBy('change') } } },
    ];
    const capability = { ...rest, create, update: { ...(update as OperationSpec), steps } } as unknown as Capability;
    const job = { ...CHANGE, values: { name: 'cog', print: 'heavy' } };

    const { ending } = await settling(job, (_, response) => json(response, { ...MADE, Name: 'cog' }), { capability });

    expect(ending.outcome.kind).toBe('review');
  });
});

it('reads a later step back by the record that an earlier one made', async () => {
  const capability = widgets();
  const { client, vendor } = await speakingTo({
    answer: (_, response) => json(response, { Id: 41, Print: 'fragile' }),
    widget: capability,
  });
  const job: Job = { ...NEW, capability, values: { name: 'gear', print: 'fragile' }, done: { make: { x_id: '41', memo: {} } } };

  const ending = await reconcile(client, job, { step: 'label', sentAt: SENT_AT, memo: {} }, 0);

  expect(vendor.seen.map(({ target }) => target)).toEqual(['/widgets/41']);
  expect(ending).toMatchObject({
    outcome: { kind: 'succeeded', x_id: '41', resolution: 'reconciled' },
    finished: { step: 'label' },
  });
});
