import type { CourierOptions } from '../sending/courier.ts';
import type { Schedule } from '../sending/schedule.ts';

/** What administration stands on; a class, so that it can be injected by its name. */
export class Ground {
  readonly models: ReadonlyMap<string, unknown>;
  readonly egressAllow: CourierOptions['allow'];
  readonly schedule: Schedule;
  /** How long a claim lasts, in milliseconds. */
  readonly leaseMs: number;
  /** Hears that something was queued. */
  readonly onQueued: () => void;

  constructor({ models, egressAllow, schedule, leaseMs, onQueued }: Omit<Ground, 'expiresMs'>) {
    this.models = models;
    this.egressAllow = egressAllow;
    this.schedule = schedule;
    this.leaseMs = leaseMs;
    this.onQueued = onQueued;
  }

  /** How long a delivery is kept trying, in milliseconds. */
  get expiresMs(): number {
    return this.schedule.expiresMs;
  }
}
