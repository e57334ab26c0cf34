/** One named part of `npm run bench`. */
import type { Stage } from './stage.ts';

export interface Measurement {
  /** Left out of a run that names nothing. @default true */
  readonly byDefault?: boolean;
  /** Prints its tables. The stage is taken away when it ends. */
  readonly measure: (stage: Stage) => Promise<void>;
}
