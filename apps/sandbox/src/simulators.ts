/** The vendors the sandbox can play. To add one: implement Simulator and list it here. */
import { BuildiumSimulator } from './buildium/buildium.simulator.ts';
import { RentManagerSimulator } from './rentmanager/rentmanager.simulator.ts';
import type { Simulator } from './simulator.ts';

/** Injection token of the list. */
export const SIMULATORS = Symbol('simulators');

/** Fresh simulators, each with its demo records. */
export function createSimulators(): readonly Simulator[] {
  return [new BuildiumSimulator(), new RentManagerSimulator()];
}
