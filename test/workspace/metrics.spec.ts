/**
 * docker/METRICS.md tells of every metric, and the code knows no other. `WRITE_PAGES=1 npm test -- test/workspace/metrics` writes it anew. The
 * compiler sees to it that no metric has a label besides those of the house, none of which is an id; here it is looked at once more.
 */
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { LABELS, type MetricTable } from '#service-kit';
import { filesIn, inRoot, read } from './repository.ts';

const PAGE = 'docker/METRICS.md';

/** Who tells the metrics of a table: by the app or library that has it. */
const TOLD_BY: Readonly<Record<string, string>> = {
  'libs/service-kit': '`worker-<pms>`, `cache-sync` and `webhooks`',
  'libs/worker-host': '`worker-<pms>`',
};

const tables = await Promise.all(
  [...filesIn('apps', '.ts'), ...filesIn('libs', '.ts')]
    .filter((file) => /^export const METRICS = /m.test(read(file)))
    .sort()
    .map(async (file) => {
      const folder = file.split('/', 2).join('/');
      const { METRICS } = (await import(inRoot(file))) as { METRICS: MetricTable };
      return { by: TOLD_BY[folder] ?? `\`${folder.split('/')[1]}\``, metrics: Object.entries(METRICS) };
    }),
);

function page(): string {
  const sections = tables.map(({ by, metrics }) => {
    const rows = metrics.map(
      ([name, { kind, help, labels = [] }]) =>
        `- \`${name}${labels.length > 0 ? `{${labels.join(',')}}` : ''}\` (${kind}): ${help}.`,
    );
    return [`## ${by}`, '', ...rows, ''].join('\n');
  });
  const labels = Object.entries(LABELS).map(([label, meaning]) => `- \`${label}\`: ${meaning}`);
  return [
    '# Metrics',
    '',
    'Written from the code by `WRITE_PAGES=1 npm test -- test/workspace/metrics`. Each service tells its own at `/metrics` of its internal port, and',
    'besides them those of its process: memory, processor, event loop, collections. Durations are in seconds.',
    '',
    ...sections,
    '## Labels',
    '',
    ...labels,
    '',
  ].join('\n');
}

describe(PAGE, () => {
  it('is what the code says', () => {
    if (process.env.WRITE_PAGES) writeFileSync(inRoot(PAGE), page());

    expect(tables.length).toBeGreaterThanOrEqual(5);
    expect(read(PAGE)).toBe(page());
  });

  it('has names that tell kind and unit', () => {
    const all = tables.flatMap(({ metrics }) => metrics);

    expect(all.filter(([name, { kind }]) => (kind === 'counter') !== name.endsWith('_total')).map(([name]) => name)).toEqual([]);
    expect(all.filter(([name, { kind }]) => kind === 'histogram' && !name.endsWith('_seconds')).map(([name]) => name)).toEqual(
      [],
    );
  });

  it('has no label that is an id of a tenant, a write or a record', () => {
    const used = tables.flatMap(({ metrics }) => metrics.flatMap(([, { labels = [] }]) => labels));

    expect(
      used.filter((label) => !Object.hasOwn(LABELS, label) || /id$|integration|organization|tenant|job|record/.test(label)),
    ).toEqual([]);
  });
});
