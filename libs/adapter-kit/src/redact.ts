const MAX_LENGTH = 500;

/**
 * A PMS's words made fit for a status: without the values that were sent, without e-mail addresses and long numbers, without markup or control
 * characters, and of bounded length.
 */
export function redact(message: string, values: Readonly<Record<string, unknown>> = {}): string {
  let text = message
    .slice(0, 20_000)
    .replace(/<[^>]*>/g, ' ')
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ');
  const secrets = Object.values(values)
    .flatMap((value) => leaves(value))
    .filter((value) => value.length >= 3)
    .sort((one, other) => other.length - one.length);
  for (const secret of secrets) text = text.replaceAll(secret, '[redacted]');
  return text
    .replace(/[\w.+-]+@[\w-]+\.[\w.-]+/g, '[redacted]')
    .replace(/\d[\d -]{5,}\d/g, '[redacted]')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_LENGTH);
}

function leaves(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leaves);
  return [];
}
