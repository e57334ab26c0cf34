/** The knobs of the sandbox and the body of `POST /_settings`: what is left out keeps its value. */
import { IsBoolean, IsInt, IsOptional, Max, Min } from 'class-validator';

const ONE_HOUR_MS = 3_600_000;
const TEN_YEARS_MS = 315_360_000_000;

export class SettingsChange {
  /** Records younger than this are not yet found by searches and lists. @default 0 */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(ONE_HOUR_MS)
  search_delay_ms?: number;

  /** Wait this long before each vendor's answer leaves. @default 0 */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(ONE_HOUR_MS)
  latency_ms?: number;

  /** How far the vendors' clock is ahead of (or, negative, behind) ours. @default 0 */
  @IsOptional()
  @IsInt()
  @Min(-TEN_YEARS_MS)
  @Max(TEN_YEARS_MS)
  clock_offset_ms?: number;

  /** Whether the vendors enforce their rate limits. @default false */
  @IsOptional()
  @IsBoolean()
  rate_limits?: boolean;
}

export type SettingValues = Readonly<Required<SettingsChange>>;

const DEFAULTS: SettingValues = { search_delay_ms: 0, latency_ms: 0, clock_offset_ms: 0, rate_limits: false };

export class Settings {
  private current = DEFAULTS;

  get values(): SettingValues {
    return this.current;
  }

  change(change: SettingsChange): void {
    this.current = { ...this.current, ...change };
  }

  clear(): void {
    this.current = DEFAULTS;
  }

  /** The time on the vendors' clock. */
  now(): Date {
    return new Date(Date.now() + this.current.clock_offset_ms);
  }
}
