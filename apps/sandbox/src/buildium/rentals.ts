/** `/v1/rentals`: properties; each is born with the units that are sent along, or with one. */
import type {
  RentalMessage,
  RentalPropertyPutMessage,
  RentalPropertyUnitPostMessage,
  PropertyManagerMessage,
} from '#pms/buildium/wire';
import { created, notFound, ok, unprocessable, type Call, type Handlers, type Issue } from './api.ts';
import { answerList, byUpdate, contains } from './listing.ts';
import { noted, renderAddress } from './render.ts';
import { addressIssues, eachReferenceIssues, referenceIssues, staffIssues, when } from './rules.ts';
import type { RentalRecord, Store } from './store.ts';
import { addUnit, renderUnit } from './units.ts';

type RentalType = NonNullable<RentalMessage['RentalType']>;

const rentalTypes = {
  CondoTownhome: 'Residential',
  MultiFamily: 'Residential',
  SingleFamily: 'Residential',
  Industrial: 'Commercial',
  Office: 'Commercial',
  Retail: 'Commercial',
  ShoppingCenter: 'Commercial',
  Storage: 'Commercial',
  ParkingSpace: 'Commercial',
} as const satisfies Record<RentalPropertyPutMessage['RentalSubType'], RentalType>;

function renderManager(store: Store, id: number | null | undefined): Required<PropertyManagerMessage> | null {
  const user = store.users.get(id)?.message;
  if (!user) return null;
  const { Id, FirstName, LastName, CompanyName, IsCompany, Email, PhoneNumbers } = user;
  return { Id, FirstName, LastName, CompanyName, IsCompany, ProfilePhotoUrl: null, Email, PhoneNumbers };
}

function renderRental(store: Store, rental: RentalRecord): Required<RentalMessage> {
  const { body } = rental;
  return {
    Id: rental.id,
    Name: body.Name,
    StructureDescription: body.StructureDescription ?? null,
    NumberUnits: rental.unitIds.length,
    IsActive: true,
    OperatingBankAccountId: body.OperatingBankAccountId,
    Reserve: body.Reserve ?? 0,
    Address: renderAddress(body.Address),
    YearBuilt: body.YearBuilt ?? null,
    RentalType: rentalTypes[body.RentalSubType],
    RentalSubType: body.RentalSubType,
    RentalManager: renderManager(store, body.PropertyManagerId),
  };
}

const rentalIssues = (store: Store, body: RentalPropertyPutMessage, now: string): Issue[] => [
  ...addressIssues('Address', body.Address),
  ...referenceIssues('OperatingBankAccountId', store.bankAccounts, body.OperatingBankAccountId),
  ...staffIssues('PropertyManagerId', store, body.PropertyManagerId),
  ...when((body.YearBuilt ?? 0) > Number(now.slice(0, 4)), 'YearBuilt', 'The year is not over the current one.'),
];

function unitIssues(units: readonly RentalPropertyUnitPostMessage[]): Issue[] {
  const numbers = units.map(({ UnitNumber }) => UnitNumber.toLowerCase());
  return units.flatMap(({ Address, UnitNumber }, index) => [
    ...addressIssues(`Units[${index}].Address`, Address),
    ...when(
      numbers.indexOf(UnitNumber.toLowerCase()) < index,
      `Units[${index}].UnitNumber`,
      'The property has another unit of that number.',
    ),
  ]);
}

function addRental({ body: sent, store, world }: Call<'POST /v1/rentals'>): RentalRecord {
  const { Units: _units, RentalOwnerIds, ...body } = sent;
  return store.rentals.add({
    ...store.rentals.born(world.now()),
    body,
    ownerIds: [...(RentalOwnerIds ?? [])],
    unitIds: [],
    unitNumbers: new Set(),
  });
}

export const rentalHandlers = {
  'GET /v1/rentals': (call) => {
    const { store } = call;
    return answerList(
      call,
      store.rentals.all(),
      {
        ...byUpdate,
        location: ({ body: { Address } }, part) =>
          contains(`${Address.City ?? ''} ${Address.State ?? ''} ${Address.PostalCode}`, part),
        types: ({ body }, types) => types.includes(rentalTypes[body.RentalSubType]),
        subtypes: ({ body }, types) => types.includes(body.RentalSubType),
        status: (_rental, status) => status === 'Active',
        rentalownerids: ({ ownerIds }, ids) => ownerIds.some((id) => ids.includes(id)),
        propertyids: ({ id }, ids) => ids.includes(id),
      },
      (rental) => renderRental(store, rental),
    );
  },

  'POST /v1/rentals': (call) => {
    const { body, store, now } = call;
    const issues = [
      ...rentalIssues(store, body, now),
      ...eachReferenceIssues('RentalOwnerIds', store.owners, body.RentalOwnerIds),
      ...unitIssues(body.Units ?? []),
    ];
    if (issues.length > 0) return unprocessable(issues);

    const rental = addRental(call);
    const units = body.Units?.length ? body.Units : [{ UnitNumber: '1', Address: body.Address }];
    for (const sent of units) {
      const unit = addUnit(call, rental, sent);
      noted(call, { resource: 'RentalUnit', action: 'create', id: unit.id, sent }, renderUnit(store, unit, now));
    }
    const message = renderRental(store, rental);
    return created(`/v1/rentals/${rental.id}`, noted(call, { resource: 'Rental', action: 'create', id: rental.id }, message));
  },

  'GET /v1/rentals/{propertyId}': ({ params, store }) => {
    const rental = store.rentals.get(params.propertyId);
    return rental ? ok(renderRental(store, rental)) : notFound('propertyId', params.propertyId);
  },

  'PUT /v1/rentals/{propertyId}': (call) => {
    const { body, params, store, now } = call;
    const rental = store.rentals.get(params.propertyId);
    if (!rental) return notFound('propertyId', params.propertyId);
    const issues = rentalIssues(store, body, now);
    if (issues.length > 0) return unprocessable(issues);

    rental.body = body;
    rental.updated = now;
    return ok(noted(call, { resource: 'Rental', action: 'update', id: rental.id }, renderRental(store, rental)));
  },
} satisfies Partial<Handlers>;
