/**
 * `npm stop`: asks the launcher of this repository's stack to stop and waits for it; then ends whatever an earlier launcher, killed
 * before it could, has left. Only processes that are recorded and still the same are touched.
 */
import { endProcess, signalProcess, waitUntilGone } from './identity.ts';
import { endOrphans } from './processes.ts';
import { defaultDirectory } from './repository.ts';
import { findLauncher, release } from './state.ts';

/** The stack gives each wave of its services ten seconds. */
const LAUNCHER_GRACE_MS = 35_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const launcher = findLauncher(defaultDirectory);
if (launcher) {
  signalProcess(launcher, 'SIGTERM');
  if (!(await waitUntilGone(launcher, LAUNCHER_GRACE_MS))) await endProcess(launcher, 'SIGKILL', 1_000);
}
await endOrphans(defaultDirectory);
release(defaultDirectory);
say(launcher ? 'Stopped.' : 'Nothing was running.');
