import type { OwnedSchema } from '#persistence';
import { Attempt, Circuit, Gate, IdempotencyKey, Operation, OutboxEvent, Replica, Worker } from './entities.ts';
import { Ledger0001 } from '../migrations/0001-ledger.migration.ts';
import { Ledger0002 } from '../migrations/0002-found-records.migration.ts';
import { Ledger0003 } from '../migrations/0003-unrefreshed.migration.ts';
import { Ledger0004 } from '../migrations/0004-fairness-and-outages.migration.ts';
import { Ledger0005 } from '../migrations/0005-traceparent.migration.ts';
import { Ledger0006 } from '../migrations/0006-differences.migration.ts';

/** What this service owns in the database; nobody else reads or writes it. */
export const ledgerSchema: OwnedSchema = {
  name: 'ledger',
  entities: [Operation, Attempt, IdempotencyKey, OutboxEvent, Gate, Worker, Circuit, Replica],
  migrations: [
    { name: '0001-ledger', class: Ledger0001 },
    { name: '0002-found-records', class: Ledger0002 },
    { name: '0003-unrefreshed', class: Ledger0003 },
    { name: '0004-fairness-and-outages', class: Ledger0004 },
    { name: '0005-traceparent', class: Ledger0005 },
    { name: '0006-differences', class: Ledger0006 },
  ],
};
