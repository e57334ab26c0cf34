/**
 * What a call of Buildium's API is inside this simulator, and the answers that it can get.
 *
 * Promises: `Handlers` has one handler for every call that the wire description names, with the body, query and answer
 * types of that very call, so a forgotten call or a wrong member does not compile.
 */
import type { ApiError, ApiErrorResponse, Paths } from '#pms/buildium/wire';
import type { SimulatedResponse, World } from '../simulator.ts';
import type { Store } from './store.ts';

export type CallKey = keyof Paths;
export type BodyOf<K extends CallKey> = Paths[K] extends { body: infer Body } ? Body : undefined;
export type QueryOf<K extends CallKey> = Paths[K] extends { query: infer Query } ? Query : undefined;
export type AnswerOf<K extends CallKey> = Paths[K]['answer'];
/** The calls that answer a page of records. */
export type ListKey = { [K in CallKey]: Paths[K] extends { query: unknown } ? K : never }[CallKey];

type ParamOf<K extends string> = K extends `${string}{${infer Name}}${infer Rest}` ? Name | ParamOf<Rest> : never;

/** One call that is authenticated, routed and valid by its schema. */
export interface Call<K extends CallKey> {
  /** The ids of the path, by the names of its template. */
  readonly params: Readonly<Record<ParamOf<K>, number>>;
  readonly body: BodyOf<K>;
  readonly query: QueryOf<K>;
  readonly store: Store;
  readonly world: World;
  /** The world's time, to the second: `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly now: string;
}

export interface Answered<Answer> extends SimulatedResponse {
  readonly status: 200 | 201;
  readonly body: Answer;
}

export interface Refused extends SimulatedResponse {
  readonly status: 400 | 401 | 404 | 405 | 415 | 422 | 429 | 500;
  readonly body?: ApiErrorResponse;
}

export type Handler<K extends CallKey> = (call: Call<K>) => Answered<AnswerOf<K>> | Refused;
export type Handlers = { readonly [K in CallKey]: Handler<K> };

/** A member that is wrong, and why: `{ Key: 'Address.PostalCode', Value: … }`. */
export interface Issue extends ApiError {
  readonly Key: string;
  readonly Value: string;
}

export const ok = <Answer>(body: Answer): Answered<Answer> => ({ status: 200, body });

/** @param location the new record's path, without a host: the simulator does not know under which name it is reached */
export const created = <Answer>(location: string, body: Answer): Answered<Answer> => ({
  status: 201,
  headers: { location },
  body,
});

/** The vendor publishes no catalogue of error codes, so `ErrorCode` stays null and no client can come to rely on ours. */
const refused =
  (status: Refused['status'], message: string) =>
  (errors: readonly Issue[] = []): Refused => ({
    status,
    body: { UserMessage: message, ErrorCode: null, Errors: [...errors] },
  });

export const badRequest = refused(400, 'The request could not be read.');
export const unauthorized = refused(401, 'The client id or the client secret is missing or not valid.');
export const unsupportedMediaType = refused(415, 'Send the body as application/json.');
export const unprocessable = refused(422, 'The request is well formed but its values cannot be accepted.');
export const tooManyRequests = refused(429, 'Too many requests in one second.');
export const queryTooLong = refused(500, 'The query is too long.');
const missing = refused(404, 'There is no such resource.');

/** A path that does not exist, in any letter case but the documented one: no body. */
export const noSuchPath = (): Refused => ({ status: 404 });
export const methodNotAllowed = (allow: string): Refused => ({ status: 405, headers: { allow } });
export const notFound = (key: string, id: number): Refused => missing([{ Key: key, Value: `No record has the id ${id}.` }]);
