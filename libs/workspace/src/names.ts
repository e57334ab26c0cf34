/** What a new PMS may be told to be called. Only the name is needed; the rest follows from it. */
export interface PmsOptions {
  readonly name: string;
  readonly vendor?: string;
  readonly title?: string;
  readonly source?: string;
}

/** One PMS under the names that code, paths and people use. */
export interface PmsNames {
  /** As folders, paths and subjects write it: 'acme-living'. */
  readonly slug: string;
  /** As the API writes it: 'ACMELIVING'. */
  readonly vendor: string;
  /** As people write it: 'Acme Living'. */
  readonly title: string;
  /** The vendor's documentation. */
  readonly source: string;
}

const SLUG = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const VENDOR = /^[A-Z][A-Z0-9_]*$/;
const SLUG_LIMIT = 40;

/** Checks the options and fills in what is missing. Throws with a sentence that says what a name must look like. */
export function namesFrom({ name, vendor, title, source }: PmsOptions): PmsNames {
  if (!SLUG.test(name) || name.length > SLUG_LIMIT)
    throw new Error(
      `"${name}" is no name for a PMS: lower-case words with hyphens between them, at most ${SLUG_LIMIT} characters.`,
    );
  const names: PmsNames = {
    slug: name,
    vendor: vendor ?? name.replaceAll('-', '').toUpperCase(),
    title: title ?? name.split('-').map(capitalized).join(' '),
    source: source ?? `https://developer.${name}.example`,
  };
  if (!VENDOR.test(names.vendor))
    throw new Error(`"${names.vendor}" is no vendor: capital letters, digits and underscores only.`);
  // They are put between quotes in code.
  if (/['"\\\n]/.test(names.title + names.source))
    throw new Error('A title and a source can have no quotes, backslashes or line breaks.');
  if (!URL.canParse(names.source)) throw new Error(`"${names.source}" is no address.`);
  return names;
}

const capitalized = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
