import { faultOfPublicUrl } from '#public-address';

/**
 * What is wrong with the address of a PMS account, as the end of a sentence; undefined when nothing is. It is the beginning of every call, so
 * nothing may stand behind its path; for the rest and for `allow` see faultOfPublicUrl.
 */
export function faultOfBaseUrl(text: string, allow: readonly string[]): string | undefined {
  const isBeginning = !URL.canParse(text) || new URL(text).search + new URL(text).hash === '';
  return faultOfPublicUrl(text, allow) ?? (isBeginning ? undefined : 'must end before any ? or #.');
}
