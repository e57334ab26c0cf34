/** What a service says about its connection to NATS: that it waits for one, and, in production, that the server has a known hole. */
import { errorFields, type Logger } from './logger.ts';
import type { Settings } from './settings.ts';

/** CVE-2023-47090 and CVE-2025-30215 are mended in it. Development keeps to 2.9, which Debian ships. */
const SAFE_SINCE = '2.12.7';

/** Options of a connection to NATS; neither throws. */
export const natsHeard = (
  { production }: Pick<Settings, 'production'>,
  log: Pick<Logger, 'warn'>,
): { onWaiting: (reason: unknown) => void; onConnected: (version: string) => void } => ({
  onWaiting: (reason) => log.warn(errorFields(reason), 'waiting for NATS'),
  onConnected: (version) => {
    if (production && isOlder(version, SAFE_SINCE))
      log.warn({ reason: `${version || 'unknown'} is older than ${SAFE_SINCE}` }, 'nats-server has known holes');
  },
});

/** By number, part by part; what is no version is older than any. A pre-release counts as its release. */
function isOlder(version: string, than: string): boolean {
  const [ours, theirs] = [version, than].map((text) => /^v?(\d+)\.(\d+)\.(\d+)/.exec(text)?.slice(1).map(Number) ?? []);
  const differing = (theirs ?? []).findIndex((part, index) => part !== ours?.[index]);
  return differing >= 0 && (ours?.[differing] ?? -1) < (theirs?.[differing] ?? 0);
}
