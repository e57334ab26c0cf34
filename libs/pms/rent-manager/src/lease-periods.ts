import { defineCapability, fieldsOf, unsupportedFields, text } from '#capabilities';
import { LeasePeriod } from '#models/lease-period';
import { NOT_READ, pickList } from './shared/pick-list.ts';
import type { LeaseTerm } from './wire.ts';

const { read } = fieldsOf<LeaseTerm, object>([]);

/** Rent Manager calls lease periods lease terms. */
export const leasePeriods = defineCapability(LeasePeriod, {
  source: 'Rent Manager 12 Web API, embeds of LeaseRenewals.',
  fields: {
    name: read('Name', text()),
    ...unsupportedFields(['property_id'], NOT_READ),
  },
  ...pickList('LeaseTerms', 'LeaseTermID'),
});
