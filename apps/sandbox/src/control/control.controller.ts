/**
 * The sandbox's own routes, all starting with `_` so that no vendor can own them.
 *
 * Promises: what is set here holds for the next vendor call. Fails: a bad body is a 400 that says why.
 */
import { BadRequestException, Body, Controller, Delete, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import type { Simulator } from '../simulator.ts';
import { SIMULATORS } from '../simulators.ts';
import { FaultRule } from '../traffic/fault-rule.dto.ts';
import { FaultRules, type StandingRule } from '../traffic/fault-rules.ts';
import { Journal } from '../traffic/journal.ts';
import { Settings, SettingsChange, type SettingValues } from '../traffic/settings.ts';
import { accept } from './accept.ts';

@Controller()
export class ControlController {
  constructor(
    @Inject(SIMULATORS) private readonly simulators: readonly Simulator[],
    private readonly journal: Journal,
    private readonly faults: FaultRules,
    private readonly settings: Settings,
  ) {}

  @Get('_health')
  health(): object {
    return { status: 'ok', vendors: this.simulators.map(({ vendor }) => vendor) };
  }

  @Get('_demo')
  demo(): object[] {
    return this.simulators.map(({ vendor, slug, demoCredentials }) => ({ vendor, slug, credentials: demoCredentials }));
  }

  @Get('_journal')
  readJournal(@Query('vendor') vendor?: string, @Query('since') since?: string): object {
    if (since !== undefined && !/^\d+$/.test(since)) throw new BadRequestException(['since must be a seq of the journal']);
    return this.journal.read({ ...(vendor === undefined ? {} : { vendor }), since: Number(since ?? 0) });
  }

  /** One rule or an array of rules; with one bad rule none is added. */
  @Post('_faults')
  addFaults(@Body() body: unknown): object[] {
    const rules = (Array.isArray(body) ? body : [body]).map((rule) => accept(FaultRule, rule));
    for (const { vendor } of rules) this.requireKnown(vendor);
    this.faults.add(rules);
    return this.listFaults();
  }

  @Get('_faults')
  listFaults(): object[] {
    return this.faults.list().map(shown);
  }

  @Delete('_faults')
  @HttpCode(204)
  clearFaults(): void {
    this.faults.clear();
  }

  @Get('_settings')
  readSettings(): SettingValues {
    return this.settings.values;
  }

  @Post('_settings')
  @HttpCode(200)
  changeSettings(@Body() body: unknown): SettingValues {
    this.settings.change(accept(SettingsChange, body));
    return this.settings.values;
  }

  /** Back to the demo records, without faults, settings or journal. */
  @Post('_reset')
  @HttpCode(204)
  reset(): void {
    for (const simulator of this.simulators) simulator.reset();
    this.faults.clear();
    this.settings.clear();
    this.journal.clear();
  }

  private requireKnown(vendor: string | undefined): void {
    const known = this.simulators.map((simulator) => simulator.vendor);
    if (vendor === undefined || known.includes(vendor)) return;
    throw new BadRequestException([`vendor must be one of ${known.join(', ')}`]);
  }
}

function shown({ id, rule, remaining, skipping }: StandingRule): object {
  return { id, ...rule, remaining, skipping };
}
