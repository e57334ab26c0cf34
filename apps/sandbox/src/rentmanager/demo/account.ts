/** The demo company: one user, two locations. Everything here is invented. */
import type { User } from '../tokens.ts';

export const DEMO_USER: User = { userId: 1, username: 'latchkey', password: 'sandbox' };

export const DEFAULT_LOCATION_ID = 1;

/** Locations are separate databases. The second has the lists of the first, and no people. */
export const LOCATIONS = [
  { LocationID: DEFAULT_LOCATION_ID, Name: 'Main' },
  { LocationID: 2, Name: 'North' },
] as const;
