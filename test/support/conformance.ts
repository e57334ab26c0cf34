/**
 * Holds answers against the description of the API: whatever a documented route answers must be documented too. Schemas are compiled at their
 * first use, so a test pays for what it calls.
 */
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

export interface Schema {
  readonly [keyword: string]: unknown;
}
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}
interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema; readonly example?: unknown }>>;
}
interface OperationObject {
  readonly operationId: string;
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[];
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly requestBody?: Content & { readonly required: boolean };
  readonly responses: Readonly<Record<string, Content | { readonly $ref: string }>>;
}
export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** One operation of the description, with its references followed. */
export interface Described {
  readonly method: string;
  readonly path: string;
  readonly id: string;
  readonly scope: string;
  readonly parameters: readonly Parameter[];
  readonly body?: { readonly schema: Schema; readonly required: boolean; readonly example?: unknown };
}

const NAME = 'api';

export class Conformance {
  readonly operations: readonly Described[];
  private readonly ajv = new Ajv2020({ strict: false, logger: false, validateSchema: false });

  constructor(readonly document: OpenApi) {
    addFormats.default(this.ajv, ['date', 'date-time', 'email']);
    this.ajv.addSchema(document, NAME);
    this.operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => this.described(path, method, operation)),
    );
  }

  /** The operation that a request meets: of several fitting paths the one with the most fixed segments. */
  operationAt(method: string, target: string): Described | undefined {
    const segments = segmentsOf(target);
    const fitting = this.operations.filter((it) => it.method === method && fits(segmentsOf(it.path), segments));
    return fitting.sort((one, other) => fixedIn(other.path) - fixedIn(one.path))[0];
  }

  /** What is wrong with an answer of a documented route; nothing for any other. */
  faultsOf(method: string, target: string, status: number, contentType: string, body: unknown): readonly string[] {
    const operation = this.operationAt(method, target);
    if (!operation) return [];
    const { responses } = this.document.paths[operation.path]?.[method.toLowerCase()] as OperationObject;
    if (responses[status] === undefined) return [`${status} is not described for ${method} ${operation.path}`];
    const [type = ''] = contentType.split(';');
    const content = this.followed<Content>(responses[status]).content?.[type];
    if (!content) return [`${type} is not described for ${method} ${operation.path} ${status}`];
    return type.endsWith('json') ? this.breaches(content.schema, body) : [];
  }

  /** Where a value breaks a schema of the description. */
  breaches(schema: Schema, value: unknown): readonly string[] {
    const known = this.compiled.get(schema) ?? this.ajv.compile(this.rooted(schema));
    this.compiled.set(schema, known);
    if (known(value)) return [];
    return (known.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }

  /** The schema itself where one points to a named one. */
  followed<T>(it: T | { readonly $ref: string }): T {
    if (typeof it !== 'object' || it === null || !('$ref' in it)) return it as T;
    const [, , kind = '', name = ''] = it.$ref.split('/');
    return this.document.components[kind]?.[name] as T;
  }

  private readonly compiled = new Map<Schema, ReturnType<Ajv2020['compile']>>();

  /** References in the description are to the description. */
  private rooted(schema: Schema): Schema {
    return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', `"$ref":"${NAME}#/`)) as Schema;
  }

  private described(path: string, method: string, operation: OperationObject): Described {
    const { operationId: id, parameters = [], requestBody, security } = operation;
    const body = requestBody?.content?.['application/json'];
    return {
      method: method.toUpperCase(),
      path,
      id,
      scope: Object.values(security[0] ?? {})[0]?.[0] ?? '',
      parameters: parameters.map((parameter) => this.followed<Parameter>(parameter)),
      ...(body && requestBody ? { body: { ...body, required: requestBody.required } } : {}),
    };
  }
}

function segmentsOf(target: string): string[] {
  return (target.split('?', 1)[0] ?? '').replace(/\/$/, '').split('/');
}

const isOpen = (segment: string): boolean => segment.startsWith('{');
const fixedIn = (path: string): number => segmentsOf(path).filter((segment) => !isOpen(segment)).length;

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, at) => (isOpen(part) ? segments[at] !== '' : part === segments[at]))
  );
}
