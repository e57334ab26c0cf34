/** `/v1/rentals/units`: a unit number occurs once in a property, in whatever letter case. */
import type { RentalUnitMessage, RentalUnitPutMessage } from '#pms/buildium/wire';
import { created, notFound, ok, unprocessable, type Call, type CallKey, type Handlers, type Issue } from './api.ts';
import { answerList, byUpdate } from './listing.ts';
import { noted, renderAddress } from './render.ts';
import { addressIssues, when } from './rules.ts';
import type { RentalRecord, Store, UnitRecord } from './store.ts';
import { leaseStatus, today } from './tenancy.ts';

const numberKey = (number: string) => number.trim().toLowerCase();

export function renderUnit(store: Store, unit: UnitRecord, now: string): Required<RentalUnitMessage> {
  const { body } = unit;
  const isLet = (leaseId: number) => leaseStatus(store.leases.mustGet(leaseId), today(now)) === 'Active';
  return {
    Id: unit.id,
    PropertyId: unit.propertyId,
    BuildingName: store.rentals.mustGet(unit.propertyId).body.Name,
    UnitNumber: body.UnitNumber,
    Description: body.Description ?? null,
    MarketRent: body.MarketRent ?? null,
    Address: renderAddress(body.Address),
    UnitBedrooms: body.UnitBedrooms ?? null,
    UnitBathrooms: body.UnitBathrooms ?? null,
    UnitSize: body.UnitSize ?? null,
    IsUnitListed: false,
    IsUnitOccupied: unit.leaseIds.some(isLet),
  };
}

/** @param kept the number that the unit has already, on an update */
function unitIssues(body: RentalUnitPutMessage, rental: RentalRecord, kept?: string): Issue[] {
  const key = numberKey(body.UnitNumber);
  const taken = rental.unitNumbers.has(key) && (kept === undefined || key !== numberKey(kept));
  return [
    ...addressIssues('Address', body.Address),
    ...when(taken, 'UnitNumber', 'The property has another unit of that number.'),
  ];
}

export function addUnit<K extends CallKey>(
  { store, world }: Call<K>,
  rental: RentalRecord,
  body: RentalUnitPutMessage,
): UnitRecord {
  const unit = store.units.add({ ...store.units.born(world.now()), propertyId: rental.id, body, leaseIds: [] });
  rental.unitIds.push(unit.id);
  rental.unitNumbers.add(numberKey(body.UnitNumber));
  return unit;
}

export const unitHandlers = {
  'GET /v1/rentals/units': (call) => {
    const { store, now } = call;
    return answerList(
      call,
      store.units.all(),
      { ...byUpdate, propertyids: ({ propertyId }, ids) => ids.includes(propertyId) },
      (unit) => renderUnit(store, unit, now),
    );
  },

  'POST /v1/rentals/units': (call) => {
    const { PropertyId, ...body } = call.body;
    const { store, now } = call;
    const rental = store.rentals.get(PropertyId);
    if (!rental) return notFound('PropertyId', PropertyId);
    const issues = unitIssues(body, rental);
    if (issues.length > 0) return unprocessable(issues);

    const unit = addUnit(call, rental, body);
    const message = renderUnit(store, unit, now);
    return created(
      `/v1/rentals/units/${unit.id}`,
      noted(call, { resource: 'RentalUnit', action: 'create', id: unit.id }, message),
    );
  },

  'GET /v1/rentals/units/{unitId}': ({ params, store, now }) => {
    const unit = store.units.get(params.unitId);
    return unit ? ok(renderUnit(store, unit, now)) : notFound('unitId', params.unitId);
  },

  'PUT /v1/rentals/units/{unitId}': (call) => {
    const { body, params, store, now } = call;
    const unit = store.units.get(params.unitId);
    if (!unit) return notFound('unitId', params.unitId);
    const rental = store.rentals.mustGet(unit.propertyId);
    const issues = unitIssues(body, rental, unit.body.UnitNumber);
    if (issues.length > 0) return unprocessable(issues);

    rental.unitNumbers.delete(numberKey(unit.body.UnitNumber));
    rental.unitNumbers.add(numberKey(body.UnitNumber));
    unit.body = body;
    unit.updated = now;
    return ok(noted(call, { resource: 'RentalUnit', action: 'update', id: unit.id }, renderUnit(store, unit, now)));
  },
} satisfies Partial<Handlers>;
