/**
 * The writes of a run: residents are created and changed, at every PMS, through several integrations and by two organizations.
 *
 * All integrations of a PMS reach the same simulated account, so each has its own share of the records: two of them writing to one record
 * would be two masters of it, and no order could be asked for.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { apiAt, eventually, type Loose } from '../support/api.ts';
import type { Client, Wish } from './client.ts';
import type { Random } from './random.ts';

export interface Tenant {
  readonly name: string;
  readonly keys: { readonly api: string; readonly admin: string };
  readonly client: Client;
}

/** One integration, and what its writers may use. */
export interface Place {
  readonly tenant: Tenant;
  readonly vendor: string;
  readonly integration: string;
  readonly credentials: unknown;
  /** A record that creates need. */
  readonly parent: string;
  /** What a charge is called, where charges are written. */
  readonly chargeCode: string | undefined;
  /** And the unit that it is for. */
  readonly unit: string | undefined;
  /** Records that are changed here and nowhere else. */
  readonly records: readonly string[];
}

/** How a resident is written to one PMS, and where the mark of a write is to be found there. */
interface Dialect {
  readonly parents: string;
  readonly created: string;
  readonly changed: string;
  readonly create: (mark: string, parent: string) => Readonly<Record<string, unknown>>;
  readonly change: (mark: string) => Readonly<Record<string, unknown>>;
  /** A create of money, which no search can find again. */
  readonly charge?: (mark: string, place: Place, resident: string) => Readonly<Record<string, unknown>>;
}

export const DIALECTS: Readonly<Record<string, Dialect>> = {
  BUILDIUM: {
    parents: 'leases',
    created: 'LeaseTenant',
    changed: 'LeaseTenant',
    create: (mark, parent) => ({
      lease_id: parent,
      first_name: 'Ann',
      last_name: mark,
      address_1: '12 Elm Street',
      city: 'Cincinnati',
      state: 'OH',
      zip: '45202',
      country: 'US',
    }),
    change: (mark) => ({ notes: mark }),
  },
  RENTMANAGER: {
    parents: 'properties',
    created: 'Tenants',
    changed: 'Contacts',
    create: (mark, parent) => ({
      property_id: parent,
      first_name: 'Ann',
      last_name: mark,
      rent_period: 'MONTHLY',
      rent_due_day: 1,
    }),
    change: (mark) => ({ middle_name: mark }),
    charge: (mark, { parent, chargeCode, unit }, resident) => ({
      resident_id: resident,
      // A resident who has just been created has no lease yet that would say them.
      property_id: parent,
      unit_id: unit,
      charge_code_id: chargeCode,
      amount_in_cents: 12_500,
      transaction_date: new Date().toISOString().slice(0, 10),
      notes: mark,
      reference_number: 'R1',
    }),
  },
};

const PAUSE_MS = { least: 50, most: 600 };
const FIRST_RECORDS_MS = 60_000;

/** Makes an integration of a PMS, or takes the given one, and waits for its first records. `share` of `shares` of them are its own. */
export async function settleIn(
  gateway: string,
  tenant: Tenant,
  vendor: { readonly vendor: string; readonly url: string; readonly credentials: unknown },
  [share, shares]: readonly [number, number],
): Promise<Place> {
  const admin = apiAt(gateway, tenant.keys.admin);
  const { credentials } = vendor;
  const wanted = {
    integration_vendor: vendor.vendor,
    name: `Torture ${share + 1}`,
    credentials,
    base_url: vendor.url,
  };
  // With the short time-outs of a run, a busy machine may need more than one try.
  const made = await eventually(
    `integration of ${vendor.vendor}`,
    async () => {
      const answer = await admin.post('/v1/admin/integrations/', wanted);
      return answer.status === 503 ? undefined : answer;
    },
    FIRST_RECORDS_MS,
  );
  if (made.status !== 200) throw new Error(`The integration was refused: ${JSON.stringify(made.body)}`);
  const integration: string = made.body.result.id;
  const list = (model: string): Promise<Loose[]> =>
    eventually(
      `${model} of ${vendor.vendor}`,
      async () => {
        const { body } = await admin.get(`/v1/${model}/?integration_id=${integration}&limit=250`);
        return body.results?.length > 0 ? body.results : undefined;
      },
      FIRST_RECORDS_MS,
    );
  const [parent] = await list(DIALECTS[vendor.vendor]?.parents ?? '');
  const residents = (await list('residents')).filter(({ x_id }) => Number(x_id) % shares === share);
  const charges = DIALECTS[vendor.vendor]?.charge !== undefined;
  const [code] = charges ? await list('charge-codes') : [];
  const unit = charges ? (await list('units')).find(({ property_id }) => property_id === parent.id) : undefined;
  const records = residents.map(({ id }) => id);
  return {
    tenant,
    vendor: vendor.vendor,
    integration,
    credentials,
    parent: parent.id,
    chargeCode: code?.id,
    unit: unit?.id,
    records,
  };
}

/** Shares of what is written: the rest are changes. */
export interface Mix {
  readonly creates: number;
  /** Of the changes, those that charge the record instead, where that can be done. @default 0 */
  readonly charges?: number;
  /** Changes of what was just created, at most. @default 3 */
  readonly changes?: number;
  /** Milliseconds between the writes of a writer. */
  readonly pauseMs?: { readonly least: number; readonly most: number };
}
const HALF: Mix = { creates: 0.5 };

/** Writes to one place until `until` says stop: creates, changes, and changes of what is perhaps not created yet. */
export async function writeTo(
  place: Place,
  records: readonly string[],
  random: Random,
  until: () => boolean,
  giveUp: () => boolean,
  { creates, charges = 0, changes: most = 3, pauseMs = PAUSE_MS }: Mix = HALF,
): Promise<void> {
  const { client } = place.tenant;
  const dialect = DIALECTS[place.vendor];
  if (!dialect) throw new Error(`Nobody knows how to write to ${place.vendor}.`);
  const change = (record: string): Wish => {
    const mark = client.mark();
    return {
      method: 'PUT',
      path: `/v1/residents/${record}`,
      body: dialect.change(mark),
      mark,
      resource: dialect.changed,
      record,
      readAt: '/v1/residents/',
    };
  };
  const create = (): Wish => {
    const mark = client.mark();
    const body = { integration_id: place.integration, ...dialect.create(mark, place.parent) };
    return { method: 'POST', path: '/v1/residents/', body, mark, resource: dialect.created, readAt: '/v1/residents/' };
  };
  const { charge } = dialect;
  const chargeTo = (resident: string): Wish | undefined => {
    if (!charge || place.chargeCode === undefined || !random.chance(charges)) return undefined;
    const mark = client.mark();
    const body = { integration_id: place.integration, ...charge(mark, place, resident) };
    return { method: 'POST', path: '/v1/resident-charges/', body, mark, resource: 'Charges', readAt: '/v1/resident-charges/' };
  };
  while (!until()) {
    const isNew = records.length === 0 || random.chance(creates);
    const record = isNew ? await client.write(create(), giveUp) : random.pick(records);
    const changes = random.between(isNew ? 0 : Math.min(1, most), most);
    for (let done = 0; record !== undefined && done < changes; done += 1) {
      await client.write(chargeTo(record) ?? change(record), giveUp);
    }
    await sleep(random.between(pauseMs.least, pauseMs.most));
  }
}
