/** What the check of one write costs, without HTTP and database, on one core. */
import { performance } from 'node:perf_hooks';
import { checkWrite } from '#capabilities';
import { loadCatalog } from '#service-kit';
import { heading, row } from './print.ts';

const CALLS = 20_000;
const PAYLOAD = {
  first_name: 'Ann',
  last_name: 'Rivera',
  email_1: 'ann.rivera@example.com',
  phone_1: '5135550142',
  phone_1_type: 'MOBILE',
};

export async function validation(): Promise<void> {
  heading('validation of an update of residents', 'per second', 'microseconds');
  const catalog = await loadCatalog();
  const model = catalog.models.get('residents');
  if (!model) throw new Error('There are no residents in the catalog');
  for (const pms of catalog.list) {
    const micros = microsPerCall(() => checkWrite(pms, model, 'update', PAYLOAD, { ignoreUnknownFields: false }));
    row(pms.title, (1e6 / micros).toFixed(0), micros.toFixed(1));
  }
}

function microsPerCall(call: () => unknown): number {
  for (let nth = 0; nth < CALLS; nth += 1) call();
  const started = performance.now();
  for (let nth = 0; nth < CALLS; nth += 1) call();
  return ((performance.now() - started) * 1_000) / CALLS;
}
