import { defineCapability, fieldsOf, unsupportedFields, text, flag } from '#capabilities';
import { Employee } from '#models/employee';
import { NOT_READ, pickList } from './shared/pick-list.ts';
import type { User } from './wire.ts';

const { read } = fieldsOf<User, object>([]);

/** Employees are the users of Rent Manager. */
export const employees = defineCapability(Employee, {
  source: 'Rent Manager 12 Web API, embeds of ServiceManagerIssues; members besides the name are [inferred].',
  fields: {
    name: read('Name', text()),
    email: read('Email', text()),
    is_active: read('IsActive', flag),
    ...unsupportedFields(['roles', 'property_id', 'x_location_id'], NOT_READ),
  },
  ...pickList('Users', 'UserID'),
});
