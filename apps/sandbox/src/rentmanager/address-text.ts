/**
 * The read-only parts that Rent Manager shows of an address, which is written as one text of several lines.
 *
 * Promises: the last line that reads like `City, ST 12345` (or a Canadian code) gives city, state and postal code, the
 * lines before it the street. Without such a line the whole text is the street and the other parts are missing.
 */
export interface AddressParts {
  readonly Street: string | null;
  readonly City: string | null;
  readonly State: string | null;
  readonly PostalCode: string | null;
}

const CITY_LINE = /^(?<city>.+?),?\s+(?<state>[A-Za-z]{2})\.?,?\s+(?<postal>\d{5}(?:-\d{4})?|[A-Za-z]\d[A-Za-z] ?\d[A-Za-z]\d)$/;

export function partsOf(address: string): AddressParts {
  const lines = address
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const cityLine = lines.findLastIndex((line) => CITY_LINE.test(line));
  const { city = null, state = null, postal = null } = lines[cityLine]?.match(CITY_LINE)?.groups ?? {};
  const street = (cityLine === -1 ? lines : lines.slice(0, cityLine)).join('\n');
  return { Street: street === '' ? null : street, City: city, State: state?.toUpperCase() ?? null, PostalCode: postal };
}
