/**
 * Rent Manager's answers: its four error shapes and the refusal that carries one out of the middle of a save.
 *
 * The numbers and class names are what was seen on the wire; the sentences are ours.
 */
import type { SimulatedResponse } from '../simulator.ts';

/** `ErrorCode` values seen live: .NET HRESULTs. */
const HRESULTS = { generic: -2146233088, keyNotFound: -2146232969 } as const;

/** Thrown where a request turns out to be unacceptable; the simulator answers with what it carries. */
export class Refusal extends Error {
  readonly response: SimulatedResponse;

  constructor(response: SimulatedResponse) {
    super(`refused with ${response.status}`);
    this.response = response;
  }
}

/** Shape 1: the vendor's own error object. */
export function errorModel(status: number, exception: string, message: string): SimulatedResponse {
  const ErrorCode = exception === 'KeyNotFoundException' ? HRESULTS.keyNotFound : HRESULTS.generic;
  return { status, body: { DeveloperMessage: message, UserMessage: message, ErrorCode, Exception: exception } };
}

/** Shape 2: no such route, or no such verb on it. */
export function routeError(status: 404 | 405, method: string, path: string): SimulatedResponse {
  const Message = status === 404 ? `No resource answers at '${path}'.` : `'${path}' does not support ${method}.`;
  return { status, body: { Message } };
}

/** Shape 3: something could not be bound; `part` is the parameter's name. */
export function bindingError(part: string, message: string): SimulatedResponse {
  return { status: 400, body: { Message: 'The request is invalid.', ModelState: { [part]: [message] } } };
}

/** Shape 4: no such instance. */
export const NO_INSTANCE: SimulatedResponse = { status: 404 };

export const unauthorized = (message: string): Refusal => new Refusal(errorModel(401, 'ApiAuthenticationException', message));
export const invalid = (message: string): Refusal => new Refusal(errorModel(400, 'ArgumentException', message));
export const missingReference = (message: string): Refusal => new Refusal(errorModel(400, 'KeyNotFoundException', message));
export const missingKey = (message: string): Refusal => new Refusal(errorModel(404, 'KeyNotFoundException', message));
export const duplicate = (message: string): Refusal => new Refusal(errorModel(409, 'DuplicateEntityException', message));
export const stale = (message: string): Refusal => new Refusal(errorModel(409, 'ConcurrencyException', message));
export const needsConfirmation = (message: string): Refusal =>
  new Refusal(errorModel(412, 'ConfirmationRequiredException', message));
export const badFilter = (message: string): Refusal => new Refusal(bindingError('filters', message));
