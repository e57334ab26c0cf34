import { defineCapability, fieldsOf, lacks, recordId, text } from '#capabilities';
import { VendorCategory } from '#models/vendor-category';
import { get } from './shared/calls.ts';
import type { VendorCategoryMessage } from './wire/index.ts';

const { read } = fieldsOf<VendorCategoryMessage, object>([]);
const MADE_IN_BUILDIUM = 'Vendor categories are kept in Buildium; Latchkey reads them only.';

export const vendorCategories = defineCapability(VendorCategory, {
  source: 'https://developer.buildium.com/#tag/Vendors',
  fields: { name: read('Name', text()) },
  create: lacks(MADE_IN_BUILDIUM),
  update: lacks(MADE_IN_BUILDIUM),
  reads: {
    list: get('/v1/vendors/categories'),
    one: get('/v1/vendors/categories/{vendorCategoryId}', { vendorCategoryId: recordId }),
    id: 'Id',
  },
});
