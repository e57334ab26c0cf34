/** One organization tries to see and touch what is another's, all through a run. Whatever is not "no such thing" is a trespass. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from './random.ts';
import type { Place, Tenant } from './workload.ts';

const EVERY_MS = 400;
/** No answer, too many questions, out of order: nothing was seen. A 500 is a fault of its own kind, and counted with the answers to writes. */
const NOTHING_SEEN = [undefined, 404, 429, 500, 503];

/** Tries until `until` says stop, and tells of each success. */
export async function trespass(
  tenants: readonly Tenant[],
  places: readonly Place[],
  random: Random,
  until: () => boolean,
  tell: (what: string) => void,
): Promise<void> {
  while (!until()) {
    await sleep(EVERY_MS);
    const owner = random.pick(tenants);
    const intruder = random.pick(tenants.filter((tenant) => tenant !== owner));
    for (const path of targets(owner, places, random)) {
      const answer = await intruder.client.get(path);
      const isEmptyList = answer?.status === 200 && Array.isArray(answer.body.results) && answer.body.results.length === 0;
      if (!NOTHING_SEEN.includes(answer?.status) && !isEmptyList) tell(`${intruder.name}: GET ${path} was ${answer?.status}`);
    }
    const own = await intruder.client.get('/v1/admin/logs/writes/?limit=250');
    const foreign = new Set(owner.client.journal.flatMap(({ jobs }) => jobs));
    const seen = [...foreign].find((job) => JSON.stringify(own?.body ?? null).includes(job));
    if (seen !== undefined) tell(`${intruder.name} finds job ${seen} in its log`);
  }
}

function targets(owner: Tenant, places: readonly Place[], random: Random): readonly string[] {
  const place = random.pick(places.filter(({ tenant }) => tenant === owner));
  const accepted = owner.client.journal.filter(({ jobs }) => jobs.length > 0);
  const [job] = accepted.length > 0 ? random.pick(accepted).jobs : [];
  return [
    ...(job === undefined ? [] : [`/v1/admin/write-status/${job}`]),
    ...(place.records.length > 0 ? [`/v1/residents/${random.pick(place.records)}`] : []),
    `/v1/residents/?integration_id=${place.integration}`,
  ];
}
