import { defineCapability, fieldsOf, unsupportedFields, text } from '#capabilities';
import { ChargeCode } from '#models/charge-code';
import { NOT_READ, pickList } from './shared/pick-list.ts';
import type { Named } from './wire.ts';

const { read } = fieldsOf<Named, object>([]);

/** Rent Manager calls charge codes charge types. */
export const chargeCodes = defineCapability(ChargeCode, {
  source: 'Rent Manager 12 Web API, help pages of ChargeTypes.',
  fields: {
    name: read('Name', text()),
    description: read('Description', text()),
    ...unsupportedFields(['debit_gl_account', 'credit_gl_account', 'property_id', 'x_location_id', 'custom_data'], NOT_READ),
  },
  ...pickList('ChargeTypes', 'ChargeTypeID'),
});
