import type { CredentialSpec, PmsDefinition } from '#capabilities';
import { pointerTo, type Issue } from '#problem';

const MAX_BYTES = 4_096;
/** A value may become a header or a path: none of these may ever stand in one. */
const CONTROL = /\p{Cc}/u;

/** What is wrong with the credentials that a customer sent for a PMS: missing ones, unknown ones, and values that can't be used. */
export function faultsOfCredentials(pms: PmsDefinition, sent: Readonly<Record<string, unknown>>): Issue[] {
  const isGiven = (name: string): boolean => sent[name] !== undefined && sent[name] !== null && sent[name] !== '';
  const issues: Issue[] = [];
  for (const { name, description, required, requiredUnless } of pms.credentials) {
    const needed = required || (requiredUnless !== undefined && !isGiven(requiredUnless));
    if (!needed || isGiven(name)) continue;
    const unless = requiredUnless === undefined ? '' : ` (or ${requiredUnless})`;
    const detail = `${pms.title} needs the credential ${name}${unless}: ${description}`;
    issues.push({ pointer: pointerTo('credentials', name), code: 'required', detail });
  }
  const known = new Map(pms.credentials.map((credential) => [credential.name, credential]));
  for (const [name, value] of Object.entries(sent)) {
    const credential = known.get(name);
    const fault = credential
      ? faultOfValue(credential, value)
      : { code: 'unknown_field' as const, words: `is none of ${pms.title}; it has ${[...known.keys()].join(', ')}` };
    if (fault)
      issues.push({
        pointer: pointerTo('credentials', name),
        code: fault.code,
        detail: `The credential ${name} ${fault.words}.`,
      });
  }
  return issues;
}

function faultOfValue({ pattern }: CredentialSpec, value: unknown): { code: Issue['code']; words: string } | undefined {
  if (value === null || value === '') return undefined;
  if (typeof value !== 'string') return { code: 'invalid_type', words: 'must be a text' };
  if (CONTROL.test(value)) return { code: 'invalid_value', words: 'must not hold line ends or other control characters' };
  if (Buffer.byteLength(value) > MAX_BYTES) return { code: 'too_long', words: `must have at most ${MAX_BYTES} bytes` };
  if (pattern && !new RegExp(pattern.source, 'u').test(value))
    return { code: 'invalid_format', words: `must be ${pattern.words}` };
  return undefined;
}

/** The credentials that hold something; to be called once they have no fault. */
export function givenCredentials(sent: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(sent).filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== ''),
  );
}
