/** Every scenario of `npm run torture`. */
import { ANSWERS } from './answers.ts';
import { DISKS } from './disks.ts';
import { EVERYTHING } from './everything.ts';
import { KILLS } from './kills.ts';
import { PARTITIONS } from './partitions.ts';
import { RESTORE } from './restore.ts';
import type { Scenario } from './scenario.ts';
import { SERVERS } from './servers.ts';

export type { Scenario } from './scenario.ts';

export const SCENARIOS: readonly Scenario[] = [EVERYTHING, ...KILLS, ...SERVERS, ...DISKS, PARTITIONS, ANSWERS, RESTORE];
