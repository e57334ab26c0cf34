import type { AuthSpec, PmsDefinition } from '#capabilities';

/** The stored credentials or the address can't be used at all. The message is a sentence for the customer and holds no secret. */
export class UnusableAccount extends Error {
  override readonly name = 'UnusableAccount';
}

/** No PMS issues them, and in a header they would begin a line of its own. */
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f]/;
/** What a header value may consist of; anything else can't be sent, or would be cut to one byte. */
const HEADER_VALUE = /^[\x20-\x7e\x80-\xff]*$/;

/** Whether a text can stand in a header as it is. */
export const isHeaderValue = (text: string): boolean => HEADER_VALUE.test(text);

/** A customer's account at a PMS, opened: it lives in a worker's memory only. */
export class Account {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  // A private field: neither JSON.stringify nor an inspected object shows it.
  readonly #credentials: Readonly<Record<string, string>>;

  /** @throws UnusableAccount */
  constructor(
    readonly pms: PmsDefinition,
    readonly integrationId: string,
    credentials: Readonly<Record<string, string>>,
    baseUrl: string | null,
  ) {
    refuseUnsendable(pms, credentials);
    this.#credentials = { ...credentials };
    this.baseUrl = addressOf(pms, credentials, baseUrl);
  }

  /** The credentials, for whoever sends them. A method, since an inspection may call getters. */
  reveal(): Readonly<Record<string, string>> {
    return this.#credentials;
  }

  /** The values that must never be seen, in no particular order. */
  secrets(): readonly string[] {
    return this.pms.credentials.filter(({ secret }) => secret).flatMap(({ name }) => this.#credentials[name] || []);
  }
}

function refuseUnsendable(pms: PmsDefinition, credentials: Readonly<Record<string, string>>): void {
  const inHeaders = headerCredentials(pms.auth);
  for (const [name, value] of Object.entries(credentials)) {
    if (!CONTROL_CHARACTERS.test(value) && (!inHeaders.has(name) || isHeaderValue(value))) continue;
    throw new UnusableAccount(`The credential "${name}" holds characters that ${pms.title} can't be sent. Enter it again.`);
  }
}

/** The credentials that travel in headers. */
function headerCredentials(auth: AuthSpec): ReadonlySet<string> {
  const names = Object.values(auth.headers ?? {});
  return new Set(auth.kind === 'login' && auth.unless ? [...names, auth.unless.credential] : names);
}

/** Targets are appended to the address, so it must be one that takes them: no query, no fragment, no credentials of its own. */
function addressOf(pms: PmsDefinition, credentials: Readonly<Record<string, string>>, given: string | null): string {
  const text = (given ?? madeOf(pms, credentials)).replace(/\/+$/, '');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const usable = url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !/[?#]/.test(text);
  if (!usable) throw new UnusableAccount(`The address of this integration's account at ${pms.title} can't be used.`);
  return text;
}

function madeOf(pms: PmsDefinition, credentials: Readonly<Record<string, string>>): string {
  try {
    return pms.baseUrl(credentials);
  } catch {
    // Its own words may repeat a credential.
    throw new UnusableAccount(`The credentials do not make an address of ${pms.title}.`);
  }
}
