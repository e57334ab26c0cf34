/** The vendors the sandbox can play. To add one: implement Simulator and list it here. */
import type { Simulator } from './simulator.ts';

/** Fresh simulators, each with its demo records. */
export function createSimulators(): readonly Simulator[] {
  return [];
}
