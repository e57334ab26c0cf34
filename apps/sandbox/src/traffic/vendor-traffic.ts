/**
 * The road of one vendor call: journal it, play the fault that is due, let the simulator act, answer.
 *
 *   received -> [delay] -> fault before: answered wrongly, no effect
 *                       -> simulator acts (effects are journalled) -> fault after: answered wrongly
 *                                                                  -> [latency] -> answered
 *
 * Promises: effects are atomic, because a simulator acts synchronously; with no fault and no latency nothing here waits.
 * Fails: a simulator that throws has a bug; the caller sees a plain 500 and the log has the cause.
 */
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { SimulatedRequest, SimulatedResponse, Simulator, World } from '../simulator.ts';
import { answer } from './answer.ts';
import { FAULTS } from './fault-replies.ts';
import type { FaultRule } from './fault-rule.dto.ts';
import { FaultRules } from './fault-rules.ts';
import { Journal, type JournalCall } from './journal.ts';
import { Settings } from './settings.ts';

@Injectable()
export class VendorTraffic {
  constructor(
    private readonly journal: Journal,
    private readonly faults: FaultRules,
    private readonly settings: Settings,
  ) {}

  /** @throws what the simulator throws; the socket is then still untouched. */
  async serve(simulator: Simulator, request: SimulatedRequest, response: ServerResponse): Promise<void> {
    const { vendor } = simulator;
    const { method, path } = request;
    const call = this.journal.openCall({ at: this.settings.now().toISOString(), vendor, method, path });
    const rule = this.faults.take(call);
    if (rule !== undefined) return this.serveWrongly(rule, call, simulator, request, response);

    const honest = this.act(simulator, request, call);
    if (this.settings.values.latency_ms > 0) await delay(this.settings.values.latency_ms);
    call.status = answer(response, honest);
  }

  private async serveWrongly(
    rule: FaultRule,
    call: JournalCall,
    simulator: Simulator,
    request: SimulatedRequest,
    response: ServerResponse,
  ): Promise<void> {
    call.fault = rule.kind;
    const early = rule.when === 'after' ? this.act(simulator, request, call) : undefined;
    if (rule.delay_ms !== undefined) await delay(rule.delay_ms);
    if (response.destroyed) return;
    // A slow vendor does act in the end, unless its caller has left; every other fault `before` keeps the call from it.
    const honest = rule.kind === 'slow' ? (early ?? this.act(simulator, request, call)) : early;
    call.status = FAULTS[rule.kind](response, rule, honest);
  }

  private act(simulator: Simulator, request: SimulatedRequest, call: JournalCall): SimulatedResponse {
    const { settings, journal } = this;
    const world: World = {
      now: () => settings.now(),
      record: (effect) => journal.recordEffect(call, request.headers['content-type'], settings.now().toISOString(), effect),
      searchDelayMs: settings.values.search_delay_ms,
      rateLimits: settings.values.rate_limits,
    };
    return simulator.handle(request, world);
  }
}
