import { contract } from '../contract.ts';

/** What `router` tells of the API for its description: which models and PMSs there are, and what is sent and read of each. */

/** A JSON Schema (2020-12); what it names stands under `#/components/schemas/`. */
export type Schema = Readonly<Record<string, unknown>>;

/** The part that does not depend on a model. */
export interface DescribedApi {
  /** Paths of the models, in their order. */
  readonly models: readonly string[];
  /** Schemas of administration, by their names. */
  readonly schemas: Readonly<Record<string, Schema>>;
}
export const describeApi = contract<Record<string, never>, DescribedApi>('directory', 'describe', {
  askedBy: ['gateway'],
  repeatable: true,
});

/** A parameter of the list of a model. */
export interface DescribedFilter {
  readonly name: string;
  readonly description: string;
  readonly schema: Schema;
}

/** One way to write a model: any PMS's, or that of the PMS in the path. */
export interface DescribedWrite {
  readonly operation: 'create' | 'update';
  readonly vendor: { readonly slug: string; readonly title: string } | null;
  /** What is to be known of it, in sentences. */
  readonly description: string;
  /** The name of the payload's schema. */
  readonly payload: string;
  readonly example: Readonly<Record<string, unknown>>;
}

export interface DescribedModel {
  readonly path: string;
  /** In words, singular. */
  readonly title: string;
  readonly description: string;
  /** For a model whose records can be made under those of another: `POST /v1/<path>/{id}/<child>`. */
  readonly parent: { readonly path: string; readonly title: string; readonly child: string; readonly field: string } | null;
  /** Schemas by name, those of its parts included. Models share parts: equal names mean equal schemas. */
  readonly schemas: Readonly<Record<string, Schema>>;
  /** Names of the schemas of a record as it is read, and as a write asked for it. */
  readonly record: string;
  readonly asked: string;
  readonly filters: readonly DescribedFilter[];
  readonly writes: readonly DescribedWrite[];
}
/** One model at a time: all of them would not fit into one message. Problem `not_found` for an unknown path. */
export const describeModel = contract<{ model: string }, DescribedModel>('directory', 'describe-model', {
  askedBy: ['gateway'],
  repeatable: true,
});
