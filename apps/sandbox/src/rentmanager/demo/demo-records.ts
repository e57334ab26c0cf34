/** The records a location starts from. */
import { CATALOG } from '../catalog.ts';
import { stampOf } from '../instants.ts';
import { Records } from '../records.ts';
import { RESOURCE_NAMES, type Resource, type Row } from '../schema.ts';
import { DEFAULT_LOCATION_ID, DEMO_USER } from './account.ts';
import { LOOKUPS } from './lookups.ts';
import { PORTFOLIO } from './portfolio.ts';

const WRITTEN = stampOf(new Date('2026-03-10T12:00:00Z'));
const STAMPS: Row = { CreateDate: WRITTEN, CreateUserID: DEMO_USER.userId, UpdateDate: WRITTEN, UpdateUserID: DEMO_USER.userId };

/** Demo records count as old, so that no search delay hides them. */
const LONG_AGO = 0;

export function demoRecords(locationId: number): Records {
  const records = new Records(CATALOG.values());
  const tables = locationId === DEFAULT_LOCATION_ID ? { ...LOOKUPS, ...PORTFOLIO } : LOOKUPS;
  for (const name of RESOURCE_NAMES) {
    const resource = CATALOG.get(name);
    for (const row of tables[name] ?? []) records.insert(name, written(resource, row), LONG_AGO);
  }
  return records;
}

function written(resource: Resource | undefined, row: Row): Row {
  return resource?.members.UpdateDate === undefined ? row : { ...STAMPS, ...row };
}
