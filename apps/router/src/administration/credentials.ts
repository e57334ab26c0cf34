import type { PmsDefinition } from '#capabilities';
import { pointerTo, type Issue } from '#problem';

const MAX_BYTES = 4_096;
/** A value may become a header or a path: none of these may ever stand in one. */
const CONTROL = /\p{Cc}/u;

/** What is wrong with the credentials that a customer sent for a PMS: missing ones, unknown ones, and values that can't be used. */
export function faultsOfCredentials(pms: PmsDefinition, sent: Readonly<Record<string, unknown>>): Issue[] {
  const names = pms.credentials.map(({ name }) => name);
  const missing = pms.credentials
    .filter(({ name, required }) => required && (sent[name] === undefined || sent[name] === null || sent[name] === ''))
    .map(({ name, description }): Issue => ({
      pointer: pointerTo('credentials', name),
      code: 'required',
      detail: `${pms.title} needs the credential ${name}: ${description}`,
    }));
  const faulty = Object.entries(sent).flatMap(([name, value]): Issue[] => {
    const pointer = pointerTo('credentials', name);
    if (!names.includes(name)) {
      return [{ pointer, code: 'unknown_field', detail: `${pms.title} has no credential ${name}; it has ${names.join(', ')}.` }];
    }
    if (value === null) return [];
    if (typeof value !== 'string') return [{ pointer, code: 'invalid_type', detail: `The credential ${name} must be a text.` }];
    if (CONTROL.test(value)) {
      return [
        { pointer, code: 'invalid_value', detail: `The credential ${name} must not hold line ends or other control characters.` },
      ];
    }
    if (Buffer.byteLength(value) > MAX_BYTES) {
      return [{ pointer, code: 'too_long', detail: `The credential ${name} must have at most ${MAX_BYTES} bytes.` }];
    }
    return [];
  });
  return [...missing, ...faulty];
}

/** The credentials that hold something; to be called once they have no fault. */
export function givenCredentials(sent: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(sent).filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== ''),
  );
}
