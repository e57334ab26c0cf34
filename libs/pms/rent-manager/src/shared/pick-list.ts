import { lacks, recordId } from '#capabilities';
import { get } from './calls.ts';

/** For what a list of the account does not tell. */
export const NOT_READ = 'The list of Rent Manager does not tell it.';

/** A list that people keep in Rent Manager itself: it is read here, so that payloads can name its entries. */
export function pickList(resource: string, key: string) {
  const because = 'Latchkey reads this list and does not change it: it is kept in Rent Manager itself.';
  return {
    create: lacks(because),
    update: lacks(because),
    reads: { list: get(`/${resource}`), one: get(`/${resource}/{id}`, { id: recordId }), id: key },
  } as const;
}
