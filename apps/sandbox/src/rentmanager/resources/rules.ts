/** Rules about a row that several resources share. Each throws a Refusal when it is broken. */
import { invalid } from '../answers.ts';
import { instantMs } from '../instants.ts';
import type { Records } from '../records.ts';
import type { Row } from '../schema.ts';

/** Refuses a unit that stands in another property. */
export function requireUnitInProperty(row: Row, records: Records): void {
  const unit = records.find('Units', row.UnitID);
  if (unit === undefined || !row.PropertyID || unit.PropertyID === row.PropertyID) return;
  throw invalid(`UnitID ${row.UnitID} does not belong to PropertyID ${row.PropertyID}.`);
}

/** Refuses a period that ends before it starts. */
export function requireOrder(row: Row, first: string, last: string): void {
  const [from, to] = [row[first], row[last]];
  if (typeof from !== 'string' || typeof to !== 'string' || instantMs(from) <= instantMs(to)) return;
  throw invalid(`${last} must not be before ${first}.`);
}
