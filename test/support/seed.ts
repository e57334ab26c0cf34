/**
 * The seed of tests that make their cases at random. An ordinary run has the same one every time, so that a commit passes for everybody or for
 * nobody; a longer run, which is asked for by `runs`, looks for what nobody has seen yet. `seed` repeats a run.
 */
export function seedOf({ runs, seed }: { readonly runs: string | undefined; readonly seed: string | undefined }): number {
  return Number(seed ?? (runs === undefined ? ORDINARY : Date.now() % 2 ** 31));
}

const ORDINARY = 1_066;
