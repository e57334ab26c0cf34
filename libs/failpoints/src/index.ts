/** Named moments at which a test may harm a process. */
export { POINTS, type PointName } from './points.ts';
export { armFailpoints, failpoint, failpointLater, failpointsReached } from './failpoint.ts';
export { parseFailpoints, UnreadableFailpoints, type Failpoint, type Failpoints } from './plan.ts';
