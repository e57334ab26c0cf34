/** Whether a ledger that has been used for years is slower: accepting and asking for a write's status, before and after finished writes are put in. */
import { steady } from './load.ts';
import type { Measurement } from './measurement.ts';
import { preloadFinished } from './preload.ts';
import { heading, ratio, row, say, shown } from './print.ts';
import { SETTINGS } from './settings.ts';
import type { Stage } from './stage.ts';

const { rate, seconds, history: count } = SETTINGS;

export const history: Measurement = { measure };

async function measure(stage: Stage): Promise<void> {
  await stage.refreshAfterWrite(false);
  await steady(stage.creates(), rate, 2);
  const emptyAccept = await steady(stage.creates(), rate, seconds * 2);
  await stage.drained();
  const own = await stage.sql<{ id: string }>('select id from ledger.operation order by seq desc limit 2000');
  const emptyStatus = await steady(stage.statuses(own.map(({ id }) => id)), rate, seconds);

  const old = await preloadFinished(stage, count);
  await steady(stage.creates(), rate, 2);
  const fullAccept = await steady(stage.creates(), rate, seconds * 2);
  await stage.drained();
  const fullStatus = await steady(stage.statuses(old), rate, seconds);

  heading(`${count} finished writes, ${rate} requests a second`, 'p50 ms', 'p99 ms', 'not 2xx', 'p99 of empty');
  const tell = (name: string, { p50, p99, failed }: typeof emptyAccept, of: typeof emptyAccept) =>
    row(name, shown(p50), shown(p99), String(failed), ratio(p99, of.p99));
  tell('accept, empty', emptyAccept, emptyAccept);
  tell('accept, full', fullAccept, emptyAccept);
  tell('status, empty', emptyStatus, emptyStatus);
  tell('status of old writes, full', fullStatus, emptyStatus);
  const [size] = await stage.sql<{ table: string; indexes: string }>(`
    select pg_size_pretty(pg_table_size('ledger.operation')) as table, pg_size_pretty(pg_indexes_size('ledger.operation')) as indexes`);
  say(`ledger.operation: ${size?.table} of rows, ${size?.indexes} of indexes`);
}
