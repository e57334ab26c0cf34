/** One thing that must work for a service to be of use: resolves when it does, rejects with the reason when not. */
export type ReadinessCheck = () => Promise<void>;
export type ReadinessChecks = Readonly<Record<string, ReadinessCheck>>;

/** A check that takes longer has failed. */
const CHECK_TIMEOUT_MS = 2_000;
/** A check that hangs longer is given up: a connection that died without a word must not keep a healed service out. */
const GIVE_UP_MS = 10_000;

interface Running {
  readonly beganAt: number;
  readonly passes: Promise<boolean>;
}

/**
 * Says which checks fail, within two seconds. A check that hangs is asked again only after ten: probes come every few seconds, and each would
 * take one more connection from a database that has none to give.
 */
export class Readiness {
  private readonly running = new Map<string, Running>();

  async failing(checks: ReadinessChecks): Promise<string[]> {
    const names = Object.keys(checks);
    const passed = await Promise.all(Object.entries(checks).map(([name, check]) => this.passesInTime(name, check)));
    return names.filter((_, nth) => !passed[nth]);
  }

  private passesInTime(name: string, check: ReadinessCheck): Promise<boolean> {
    const { passes } = this.join(name, check);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), CHECK_TIMEOUT_MS).unref();
      void passes.then((result) => {
        clearTimeout(timer);
        resolve(result);
      });
    });
  }

  private join(name: string, check: ReadinessCheck): Running {
    const known = this.running.get(name);
    if (known && performance.now() - known.beganAt < GIVE_UP_MS) return known;
    const one: Running = {
      beganAt: performance.now(),
      passes: check()
        .then(
          () => true,
          () => false,
        )
        .finally(() => this.running.get(name) === one && this.running.delete(name)),
    };
    this.running.set(name, one);
    return one;
  }
}
