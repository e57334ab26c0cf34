export * from './schema.ts';
export * from './durability.ts';
export * from './migrate.ts';
export * from './outage.ts';
export * from './open.ts';
