/** All kinds of harm at once, drawn from the seed. */
import { Chaos } from './chaos.ts';
import { inShort, scenario } from './scenario.ts';

export const EVERYTHING = scenario({
  name: 'everything',
  titles: [
    'R49: all kinds of harm at once, then healing',
    'R8: the PMS acts and answers with a fault of each kind, at random among other harm',
    'R26: updates of one record amid all harm are applied in the order of acceptance',
    'R45: after the run, success exactly where there is an effect',
  ],
  ground: { replicas: 2 },
  harm: async ({ ground, random, isOver }, tally) => {
    const chaos = new Chaos(ground, random, tally);
    await chaos.rage(isOver);
  },
  judge: async (report, tally) => ({
    failures: [],
    figures: [
      [
        'R49',
        `${inShort(report)}; ${tally.total} harms; the last write ended ${(report.drainedMs / 1_000).toFixed(0)} s after healing`,
      ],
      [
        'R8',
        `${report.counters.doubled} doubled, ${report.counters['false failure']} falsely failed; ${tally.of('fault')} faults of the PMSs`,
      ],
      ['R26', `${report.counters['out of order']} out of order of ${report.accepted} accepted`],
      [
        'R45',
        `${report.counters['false success']} false successes, ${report.counters['false failure']} false failures of ${report.told.length} outcomes`,
      ],
    ],
  }),
});
