/**
 * How long statements take, as Postgres itself says it in its log: nothing of the service that runs them has to be known but a few words of the
 * text. Slows the server down a little, so whatever else is measured is measured at another time.
 */
import { readFileSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Stage } from './stage.ts';

/** Values are personal data; none of them is written. */
const ON = ['log_min_duration_statement = 0', 'log_parameter_max_length = 0'];
const OFF = ['log_min_duration_statement = -1'];
/** The server takes new settings a moment after it was told. */
const HEARD_AFTER_MS = 300;

/** Each entry begins with its date, and goes on in lines that are indented. */
const ENTRY = /\n(?=\d{4}-\d{2}-\d{2} )/;
/** Only executions: reading and binding a statement have entries of their own. */
const EXECUTED = /duration: ([\d.]+) ms {2}(?:execute [^:]*|statement): /;

export class StatementTimes {
  private constructor(
    private readonly stage: Stage,
    private readonly file: string,
    private readonly from: number,
  ) {}

  static async start(stage: Stage): Promise<StatementTimes> {
    const { logFile } = stage.stack.service('postgres');
    const from = statSync(logFile).size;
    await set(stage, ON);
    return new StatementTimes(stage, logFile, from);
  }

  /** @returns milliseconds of each statement whose text fits; those that the log lost by growing too large are missing */
  async stop(text: RegExp): Promise<number[]> {
    await set(this.stage, OFF);
    const written = readFileSync(this.file).subarray(this.from).toString('utf8');
    return written.split(ENTRY).flatMap((entry) => {
      const [, ms] = (text.test(entry) && EXECUTED.exec(entry)) || [];
      return ms === undefined ? [] : [Number(ms)];
    });
  }
}

async function set(stage: Stage, settings: readonly string[]): Promise<void> {
  for (const setting of settings) await stage.sql(`alter system set ${setting}`);
  await stage.sql('select pg_reload_conf()');
  await sleep(HEARD_AFTER_MS);
}
