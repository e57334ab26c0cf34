/**
 * What an error of Postgres means for a batch of requests. First match counts; an unknown code counts as `unavailable`: saying "ask again"
 * when it would not help costs a request, saying "done" or "refused" when it is not true costs a promise.
 */
export type ErrorMeaning =
  /** Rolled back, and the same statements may pass at once. */
  | 'again'
  /** Rolled back because of what was asked: one of the batch is at fault. */
  | 'refused'
  /** Unknown, or the database can't do it now. */
  | 'unavailable';

export const MEANS_OF_ERRORS: readonly { readonly prefix: string; readonly meaning: ErrorMeaning; readonly because: string }[] = [
  { prefix: '40P01', meaning: 'again', because: 'deadlock: somebody has to give way' },
  { prefix: '40001', meaning: 'again', because: 'serialization failure' },
  { prefix: '40003', meaning: 'unavailable', because: 'completion unknown' },
  { prefix: '21', meaning: 'refused', because: 'cardinality violation' },
  { prefix: '22', meaning: 'refused', because: 'data exception: a value that the column can not hold' },
  { prefix: '23', meaning: 'refused', because: 'integrity constraint' },
  { prefix: '54', meaning: 'refused', because: 'a value beyond a program limit' },
];
