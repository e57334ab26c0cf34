/**
 * The faults waiting to be played.
 *
 * Promises: rules are tried in the order they were added, each call is hit by one rule at most, and a rule counts
 * down exactly once for each call it hits. With no rules the cost is one comparison.
 */
import type { FaultRule } from './fault-rule.dto.ts';

/** A rule with its counters, as `GET /_faults` shows it. */
export interface StandingRule {
  readonly id: number;
  readonly rule: FaultRule;
  /** Calls still to hit; null = until deleted. */
  remaining: number | null;
  /** Matching calls still to let pass. */
  skipping: number;
  readonly pattern: RegExp | undefined;
}

interface FaultTarget {
  readonly vendor: string;
  readonly method: string;
  readonly path: string;
}

export class FaultRules {
  private standing: StandingRule[] = [];
  private lastId = 0;

  add(rules: readonly FaultRule[]): void {
    for (const rule of rules) {
      this.lastId += 1;
      this.standing.push({
        id: this.lastId,
        rule,
        remaining: rule.times === 0 ? null : (rule.times ?? 1),
        skipping: rule.skip ?? 0,
        pattern: rule.path === undefined ? undefined : new RegExp(rule.path),
      });
    }
  }

  /** Every rule ever added since the last clear; a spent one shows 0 remaining. */
  list(): readonly StandingRule[] {
    return this.standing;
  }

  clear(): void {
    this.standing = [];
  }

  /** The rule that hits this call, counted down; undefined when the call goes through. */
  take(call: FaultTarget): FaultRule | undefined {
    if (this.standing.length === 0) return undefined;
    for (const candidate of this.standing) {
      if (candidate.remaining === 0 || !matches(candidate, call)) continue;
      if (candidate.skipping > 0) {
        candidate.skipping -= 1;
        continue;
      }
      if (candidate.remaining !== null) candidate.remaining -= 1;
      return candidate.rule;
    }
    return undefined;
  }
}

function matches({ rule, pattern }: StandingRule, call: FaultTarget): boolean {
  return (
    (rule.vendor === undefined || rule.vendor === call.vendor) &&
    (rule.method === undefined || rule.method === call.method) &&
    (pattern === undefined || pattern.test(call.path))
  );
}
