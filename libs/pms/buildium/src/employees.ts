import { defineCapability, fieldsOf, flag, lacks, recordId, text, unsupportedFields } from '#capabilities';
import { Employee } from '#models/employee';
import { get } from './shared/calls.ts';
import type { UserMessage } from './wire/index.ts';

const { derived, read } = fieldsOf<UserMessage, object>([]);
const BY_INVITATION = 'Buildium invites members of staff itself; its API shows them only.';

/** The users of the account who are staff; owners and vendors are users too. */
export const employees = defineCapability(Employee, {
  source: 'https://developer.buildium.com/#tag/Administration',
  fields: {
    name: derived(
      'Put together from the names of the user.',
      ({ FirstName, LastName, CompanyName }) => [FirstName, LastName].filter(Boolean).join(' ') || CompanyName || null,
    ),
    email: read('Email', text()),
    is_active: read('IsActive', flag),
    roles: derived('A user has one role.', ({ UserRole }) => (UserRole?.Name ? [UserRole.Name] : null)),
    ...unsupportedFields(['property_id', 'x_location_id'], 'A Buildium user belongs to the whole account.'),
  },
  create: lacks(BY_INVITATION),
  update: lacks(BY_INVITATION),
  reads: {
    list: get('/v1/users', {}, { usertypes: 'Staff' }),
    one: get('/v1/users/{userId}', { userId: recordId }),
    id: 'Id',
  },
});
