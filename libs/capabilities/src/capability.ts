import { modelOf, type ModelClass, type ModelSpec, type PmsRecord } from '#models';
import type { Call } from './call.ts';
import { unsupported, type Mapping, type OperationName, type Unsupported } from './mapping.ts';
import type { Rule } from './rules.ts';
import type { SchemaLookup } from './wire.ts';

/**
 * One body that a PMS accepts. With the vendor's own schema at hand, its required fields, lengths and enums need not be written again: the
 * checks read them there.
 */
export interface DocumentSpec {
  readonly schema?: SchemaLookup;
  /** Values that the PMS demands and our model does not have: path -> value. Say why in a comment. */
  readonly constants?: Readonly<Record<string, unknown>>;
}

/** One effect at the PMS. A write of several steps stores each finished one, and a retry goes on at the first that is not proven. */
export interface Step {
  readonly name: string;
  readonly call: Call;
  /** The document that is its body; without one the call has no body. */
  readonly sends?: string;
  /** Send the document as the only element of an array. @default false */
  readonly asArray?: boolean;
  /** `filled`: skipped when no field of its document was sent. @default 'always' on the first step, 'filled' on later ones */
  readonly when?: 'always' | 'filled';
  /**
   * Another call in its place when the record has nothing to change yet (`unless` finds nothing in the current record). What it made is not in the
   * `current` that later steps see, unless that is read anew.
   */
  readonly otherwise?: {
    readonly unless: Extract<import('./call.ts').Source, { kind: 'current' }>;
    readonly call: Call;
    readonly asArray?: boolean;
  };
  /**
   * Shapes the body in ways that a table of paths can't (an address in one text, the key of an existing telephone number). Gets the assembled
   * document and what was read; returns the body, or undefined when there is nothing to send after all.
   * @throws Unsendable
   */
  readonly compose?: (body: Readonly<Record<string, unknown>>, read: ReadBefore) => unknown;
  /** Where the answer carries the id of what was made: a path, `0.TenantID` for the first of an array. @default none */
  readonly id?: string;
}

/**
 * Thrown by `compose` when the record or the account lacks what the body needs. Nothing was sent; the message is a sentence for the customer's
 * developer, and the same write may work once the account is changed.
 */
export class Unsendable extends Error {
  override readonly name = 'Unsendable';
}

/** What a step may look at besides the payload. */
export interface ReadBefore {
  /** The record as it is, as the PMS returned it; undefined when the operation declares no `current`. */
  readonly current: unknown;
  /** The answers of the operation's `lookups`, by name. */
  readonly lookups: Readonly<Record<string, unknown>>;
}

/** How a doubt about an operation is settled. No policy ever repeats a write without proof that it had no effect. */
export type DoubtPolicy =
  /** Look for the record that may have been created. */
  | {
      readonly policy: 'search';
      /** A list call; its parameters may come from the payload, the references and the time of sending. */
      readonly call: Call;
      /** Fields that must be equal for a match, as decoded. */
      readonly same: readonly string[];
      /** Where a listed record says when it was made; records older than the sending are no match. */
      readonly createdAt?: string;
      /** After how many milliseconds a created record is surely found. */
      readonly visibleAfterMs: number;
    }
  /** Read the record and compare: as wanted = it happened, as before = it did not, anything else = a person looks. */
  | { readonly policy: 'read_back' }
  /** Nothing can be looked up; a person decides. */
  | { readonly policy: 'person'; readonly because: string };

export interface OperationSpec {
  /** Reads the record as it is; before the first step that needs it (on a create: once the record exists), and for the doubt policy. */
  readonly current?: Call;
  /** Lists that the account itself configures (kinds of telephone numbers, of addresses), read before a step that composes its body. */
  readonly lookups?: Readonly<Record<string, Call>>;
  /** `replace`: what is not sent is cleared, so the kit starts from the current record (`carry`). @default 'partial' */
  readonly updates?: 'replace' | 'partial';
  /** The current record, converted into the document that replaces it: everything that a caller did not name stays. */
  readonly carry?: (current: never) => object;
  readonly steps: readonly [Step, ...Step[]];
  /** The step whose id is the record's. @default the first */
  readonly idFrom?: string;
  readonly doubt: DoubtPolicy;
  /** Whether the record can be read right after the write. @default true when the capability has a `one` read */
  readonly refresh?: boolean;
  /** What the caller should know, in sentences. */
  readonly notes?: readonly string[];
}

/** An operation that the PMS does not offer, and why. A sentence. */
export interface Lacks {
  readonly lacks: string;
}
export const lacks = (because: string): Lacks => ({ lacks: because });

/** How the PMS's records of this model are read. */
export interface ReadSpec {
  readonly list: Call;
  readonly one?: Call;
  /** Where a record carries its id. */
  readonly id: string;
  /** The list hangs under each record of another model. */
  readonly under?: string;
  /** The field that names that other record, when the PMS's answer does not repeat it. */
  readonly parentField?: string;
  /** How the list is asked for what changed since a moment; without it every reading is a full one. */
  readonly changedSince?: { readonly parameter: string; readonly format: (since: Date) => string };
  /** Keeps only some of the listed records (one resource of the PMS may hold several of our models). */
  readonly only?: (remote: never) => boolean;
}

/** All that one PMS can do with one model. */
export interface Capability {
  readonly model: ModelSpec;
  /** Where the facts come from: the vendor's page, and how sure we are when it is not the vendor's. */
  readonly source: string;
  readonly fields: Readonly<Record<string, Mapping>>;
  readonly documents: Readonly<Record<string, DocumentSpec>>;
  /**
   * Rearranges what the PMS returned before the fields are read from it, where a value stands at no fixed path (the primary one of several
   * contacts). Never throws. @default as it is
   */
  readonly view?: (remote: never) => object;
  readonly create: OperationSpec | Lacks;
  readonly update: OperationSpec | Lacks;
  readonly reads: ReadSpec | Lacks;
  readonly rules: readonly Rule[];
}

type FieldsOf<M> = Exclude<keyof M, keyof PmsRecord>;

interface Declaration<M extends PmsRecord> extends Omit<Capability, 'model' | 'fields' | 'documents' | 'rules'> {
  /** Total over the model: a forgotten field does not compile. */
  readonly fields: { readonly [K in FieldsOf<M>]-?: Mapping<NonNullable<M[K]>> };
  readonly documents?: Capability['documents'];
  readonly rules?: readonly Rule[];
}

/** Every field of a model, with one reason why the PMS does not have it: for models that it lacks as a whole. */
export function noFieldsOf<M extends PmsRecord>(
  type: ModelClass<M>,
  because: string,
): { readonly [K in FieldsOf<M>]-?: Unsupported } {
  const { fields } = modelOf(type);
  const isCompanion = (name: string): boolean => name.startsWith('x_') && fields.get(name.slice(2))?.refersTo !== undefined;
  const names = [...fields.keys()].filter((name) => !isCompanion(name));
  return Object.fromEntries(names.map((name) => [name, unsupported(because)])) as { [K in FieldsOf<M>]-?: Unsupported };
}

/** Declares what a PMS can do with a model. Throws on a declaration that contradicts itself: a bug that no start survives. */
export function defineCapability<M extends PmsRecord>(type: ModelClass<M>, declaration: Declaration<M>): Capability {
  const capability: Capability = {
    documents: {},
    rules: [],
    ...declaration,
    model: modelOf(type),
    fields: declaration.fields as Capability['fields'],
  };
  for (const problem of contradictions(capability)) throw new Error(`${capability.model.path}: ${problem}`);
  return capability;
}

/** The operation as the PMS offers it, or undefined. */
export function operationOf(capability: Capability, name: OperationName): OperationSpec | undefined {
  const operation = capability[name];
  return 'lacks' in operation ? undefined : operation;
}

/** The documents that an operation's steps send. */
export function documentsOf(operation: OperationSpec): ReadonlySet<string> {
  return new Set(operation.steps.flatMap((step) => step.sends ?? []));
}

/** Whether a field can be sent on an operation. */
export function isWritable(mapping: Mapping, name: OperationName, operation: OperationSpec): boolean {
  if (mapping.kind === 'route') return mapping.on.includes(name);
  if (mapping.kind === 'write')
    return mapping.on.includes(name) && mapping.documents.some((document) => documentsOf(operation).has(document));
  if (mapping.kind === 'shared') {
    return mapping.fold.on.includes(name) && mapping.fold.documents.some((document) => documentsOf(operation).has(document));
  }
  return false;
}

function contradictions({ fields, documents, rules, create, update, model }: Capability): string[] {
  const found: string[] = [];
  for (const [name, mapping] of Object.entries(fields)) {
    const used = mapping.kind === 'write' ? mapping.documents : mapping.kind === 'shared' ? mapping.fold.documents : [];
    for (const document of used) if (!documents[document]) found.push(`${name} is sent in the unknown document "${document}"`);
    if (model.fields.get(name)?.readOnly && (mapping.kind === 'write' || mapping.kind === 'route'))
      found.push(`${name} is read-only in the model`);
  }
  for (const rule of rules)
    for (const field of rule.fields) if (!fields[field]) found.push(`a rule speaks of the unknown field ${field}`);
  for (const operation of [create, update]) {
    if ('lacks' in operation) continue;
    for (const step of operation.steps)
      if (step.sends !== undefined && !documents[step.sends]) found.push(`a step sends the unknown document "${step.sends}"`);
    if (operation.updates === 'replace' && !(operation.current && operation.carry))
      found.push('a replacing update needs `current` and `carry`');
  }
  return found;
}
