/**
 * The records of the simulated account, in the shapes in which they are written; the resources render what is read.
 *
 * Promises: every look-up that a create or an update needs is by id or by index; no write looks through all records.
 */
import type {
  ApplicantDetailsMessage,
  ApplicantPutMessage,
  BankAccountMessage,
  GLAccountMessage,
  LeaseCosignerPostMessage,
  LeaseLedgerPaymentPutMessage,
  LeasePostMessage,
  LeasePutMessage,
  RentalOwnerMessage,
  RentalPropertyPutMessage,
  RentalTenantPutMessage,
  RentalUnitPutMessage,
  AllTasksMessage,
  TaskCategoryMessage,
  UserMessage,
  VendorCategoryMessage,
  VendorPutMessage,
  WorkOrderPutMessage,
  WorkOrderTaskPostMessage,
} from '#pms/buildium/wire';

/** Cuts the milliseconds: `YYYY-MM-DDTHH:MM:SSZ`, as the API writes and compares times. */
export const toInstant = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;

export interface Stored {
  readonly id: number;
  readonly createdMs: number;
  readonly created: string;
  updated: string;
}

/** Records of one kind by id, in the order of their creation. */
export class Table<T extends Stored> {
  readonly #records = new Map<number, T>();
  #nextId: number;

  /** @param firstId the first id that is given out; demo records have smaller ones */
  constructor(firstId: number) {
    this.#nextId = firstId;
  }

  /** What every new record starts with. */
  born(at: Date, id = this.#nextId++): Stored {
    const created = toInstant(at);
    return { id, createdMs: at.getTime(), created, updated: created };
  }

  add(record: T): T {
    this.#records.set(record.id, record);
    return record;
  }

  get(id: number | null | undefined): T | undefined {
    return typeof id === 'number' ? this.#records.get(id) : undefined;
  }

  /** The record that a stored reference names: references are checked before they are stored. */
  mustGet(id: number): T {
    const record = this.#records.get(id);
    if (!record) throw new Error(`A stored reference names the missing record ${id}`);
    return record;
  }

  has(id: number): boolean {
    return this.#records.has(id);
  }

  all(): Iterable<T> {
    return this.#records.values();
  }

  /** The records of these ids, lazily. */
  *of(ids: Iterable<number>): Generator<T> {
    for (const id of ids) yield this.mustGet(id);
  }
}

export interface RentalRecord extends Stored {
  body: RentalPropertyPutMessage;
  readonly ownerIds: number[];
  readonly unitIds: number[];
  /** In lower case; a number occurs once in a property. */
  readonly unitNumbers: Set<string>;
}

export interface UnitRecord extends Stored {
  readonly propertyId: number;
  body: RentalUnitPutMessage;
  readonly leaseIds: number[];
}

export interface LeaseRecord extends Stored {
  terms: LeasePutMessage;
  readonly rent: LeasePostMessage['Rent'];
  readonly securityDeposit: LeasePostMessage['SecurityDeposit'];
  readonly cosigners: readonly (LeaseCosignerPostMessage & { readonly Id: number })[];
  readonly tenantIds: Set<number>;
  readonly transactionIds: number[];
}

export interface TenantRecord extends Stored {
  body: RentalTenantPutMessage;
  readonly leaseIds: number[];
  readonly noteIds: number[];
}

export interface ApplicantRecord extends Stored {
  body: ApplicantPutMessage;
  status: NonNullable<ApplicantDetailsMessage['Status']>;
  tenantId: number | null;
  readonly applications: NonNullable<ApplicantDetailsMessage['Applications']>;
  readonly noteIds: number[];
}

export interface NoteRecord extends Stored {
  text: string;
}

export interface VendorRecord extends Stored {
  body: VendorPutMessage;
}

export interface TaskRecord extends Stored {
  readonly type: NonNullable<AllTasksMessage['TaskType']>;
  readonly body: WorkOrderTaskPostMessage;
  readonly description: string | null;
  readonly categoryId: number | null;
  /** The lease of a resident's request. */
  readonly leaseId: number | null;
  /** The tenant who asked. */
  readonly requestedById: number | null;
}

export interface WorkOrderRecord extends Stored {
  readonly taskId: number | null;
  body: WorkOrderPutMessage;
}

export interface LedgerLine {
  readonly Amount: number;
  readonly GLAccountId: number;
  readonly ReferenceNumber?: string | null;
}

/** A charge or a payment of one lease. */
export interface TransactionRecord extends Stored {
  readonly leaseId: number;
  readonly type: 'Charge' | 'Payment';
  body: {
    readonly Date: string;
    readonly Memo?: string | null;
    readonly Lines: readonly LedgerLine[];
    readonly PaymentMethod?: LeaseLedgerPaymentPutMessage['PaymentMethod'];
    readonly PayeeUserId?: number | null;
    readonly ReferenceNumber?: string | null;
  };
}

/** What the API only reads here, as it is read. */
export interface ReferenceRecord<Message> extends Stored {
  readonly message: Required<Message>;
}

/** Demo ids are below this; each table has a number range of its own, so that a wrong reference is noticed. */
const firstIds = {
  rentals: 110_000,
  units: 210_000,
  leases: 310_000,
  tenants: 410_000,
  applicants: 510_000,
  vendors: 610_000,
  tasks: 710_000,
  workOrders: 810_000,
  transactions: 910_000,
  notes: 1_010_000,
  reference: 9_010_000,
} as const;

export class Store {
  readonly rentals = new Table<RentalRecord>(firstIds.rentals);
  readonly units = new Table<UnitRecord>(firstIds.units);
  readonly leases = new Table<LeaseRecord>(firstIds.leases);
  readonly tenants = new Table<TenantRecord>(firstIds.tenants);
  readonly applicants = new Table<ApplicantRecord>(firstIds.applicants);
  readonly vendors = new Table<VendorRecord>(firstIds.vendors);
  readonly tasks = new Table<TaskRecord>(firstIds.tasks);
  readonly workOrders = new Table<WorkOrderRecord>(firstIds.workOrders);
  readonly transactions = new Table<TransactionRecord>(firstIds.transactions);
  readonly notes = new Table<NoteRecord>(firstIds.notes);
  readonly users = new Table<ReferenceRecord<UserMessage>>(firstIds.reference);
  readonly owners = new Table<ReferenceRecord<RentalOwnerMessage>>(firstIds.reference);
  readonly glAccounts = new Table<ReferenceRecord<GLAccountMessage>>(firstIds.reference);
  readonly bankAccounts = new Table<ReferenceRecord<BankAccountMessage>>(firstIds.reference);
  readonly taskCategories = new Table<ReferenceRecord<TaskCategoryMessage>>(firstIds.reference);
  readonly vendorCategories = new Table<ReferenceRecord<VendorCategoryMessage>>(firstIds.reference);
}
