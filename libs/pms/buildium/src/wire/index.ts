/** Buildium's wire description, as the vendor publishes it: schemas, calls and their types. No I/O, nothing of our own vocabulary. */
export * from './schemas.generated.ts';
export type * from './types.generated.ts';
