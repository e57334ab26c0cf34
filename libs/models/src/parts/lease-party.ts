import { Text } from '../vocabulary/decorators.ts';

/** A person whom a lease names by id. */
export class LeaseParty {
  @Text({
    description: 'The Latchkey id of a lead, applicant or resident.',
    example: 'k3v9m2q7x1c8b4n6z5t0w2y7r',
    maxLength: 64,
    required: true,
  })
  id?: string | null;

  static readonly example = { id: 'k3v9m2q7x1c8b4n6z5t0w2y7r' };
}
