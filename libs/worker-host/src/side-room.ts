/**
 * A process of its own for writes that are suspected of having ended one: whatever they do there, nothing else is lost, and whoever ends it is found out.
 *
 *   closed -> (a suspect comes) open, one suspect after the other -> (nobody comes for a while) closed
 *               '-> it ends, or does nothing any more: the one in it is to blame -> closed
 *
 * The claim stays with the worker: it keeps the lease up, notes the steps and settles. The room has only the work.
 */
import { fork, type ChildProcess } from 'node:child_process';
import type { Ending, NotNow } from '#adapter-kit';
import type { Advance, ClaimedJob } from '#messaging';

/** How the worker starts itself as a side room. */
export const SIDE_ROOM = '--side-room';
/** A room that has said nothing for so long does nothing any more. In milliseconds. */
const SILENT_MS = 15_000;
/** How often it says that it is there. In milliseconds. */
export const BEAT_MS = 1_000;
const CLOSE_AFTER_MS = 30_000;
/** What a write may need is far less. In MiB. */
const HEAP_MIB = 512;

export type Step = Omit<Advance, 'job_id' | 'token'>;
/** What goes in. Moments don't: each process has a clock of its own. */
export type Inwards =
  | { readonly kind: 'work'; readonly job: ClaimedJob }
  /** `leftMs`: how long the noted step may still be begun. */
  | { readonly kind: 'noted'; readonly leftMs: number }
  | { readonly kind: 'not now'; readonly why: NotNow };
/** What comes out. */
export type Outwards =
  | { readonly kind: 'beat' }
  | { readonly kind: 'note'; readonly step: Step }
  | { readonly kind: 'ended'; readonly ending: Ending };

/** The suspect was to blame: how its process ended, in words. */
export interface Died {
  readonly died: string;
}

interface Work {
  readonly job: ClaimedJob;
  readonly note: (step: Step) => Promise<number | NotNow>;
}

export class SideRoom {
  private child: ChildProcess | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private closing: NodeJS.Timeout | undefined;

  /** @param script What the room runs. @default this process's own */
  constructor(
    private readonly script: string = process.argv[1] ?? '',
    private readonly silentMs = SILENT_MS,
  ) {}

  /** One at a time, in the order of their coming. @throws what `note` throws; the room is then closed, and nobody blamed */
  work(work: Work): Promise<Ending | Died> {
    const mine = this.last.then(() => this.take(work));
    this.last = mine.catch(() => {});
    return mine;
  }

  close(): void {
    clearTimeout(this.closing);
    this.child?.kill('SIGKILL');
    this.child = undefined;
  }

  private async take({ job, note }: Work): Promise<Ending | Died> {
    clearTimeout(this.closing);
    const child = (this.child ??= fork(this.script, [SIDE_ROOM], { execArgv: [`--max-old-space-size=${HEAP_MIB}`] }));
    try {
      return await new Promise<Ending | Died>((resolve, reject) => {
        let silence: NodeJS.Timeout | undefined;
        const hear = (): void => {
          clearTimeout(silence);
          silence = setTimeout(() => child.kill('SIGKILL'), this.silentMs);
        };
        const tell = (message: Inwards): void => void child.send(message, () => {});
        const end = (result: Ending | Died): void => {
          clearTimeout(silence);
          child.removeAllListeners();
          resolve(result);
        };
        child.on('exit', (code, signal) => {
          this.child = undefined;
          end({ died: signal === null ? `exit ${code}` : signal });
        });
        child.on('error', () => child.kill('SIGKILL'));
        child.on('message', (message: Outwards) => {
          hear();
          if (message.kind === 'ended') end(message.ending);
          if (message.kind !== 'note') return;
          note(message.step).then(
            (noted) =>
              tell(
                typeof noted === 'number'
                  ? { kind: 'noted', leftMs: noted - performance.now() }
                  : { kind: 'not now', why: noted },
              ),
            (error: unknown) => {
              clearTimeout(silence);
              child.removeAllListeners();
              reject(error);
            },
          );
        });
        hear();
        tell({ kind: 'work', job });
      });
    } catch (error) {
      // It waits for an answer that will not come.
      this.close();
      throw error;
    } finally {
      this.closing = setTimeout(() => this.close(), CLOSE_AFTER_MS);
      this.closing.unref();
    }
  }
}

/** The other side: does the work that comes in, until the process is ended. */
export function sitInSideRoom(carryOut: (job: ClaimedJob, note: Work['note']) => Promise<Ending>): void {
  const tell = (message: Outwards): void => void process.send?.(message);
  let answer: (message: Inwards) => void = () => {};
  process.on('message', (message: Inwards) => {
    if (message.kind !== 'work') return answer(message);
    const note = async (step: Step): Promise<number | NotNow> => {
      tell({ kind: 'note', step });
      const told = await new Promise<Inwards>((resolve) => (answer = resolve));
      if (told.kind === 'not now') return told.why;
      return performance.now() + (told.kind === 'noted' ? told.leftMs : 0);
    };
    // What it throws ends the process, as it did the other one.
    void carryOut(message.job, note).then(({ fault: _fault, ...ending }) => tell({ kind: 'ended', ending }));
  });
  // Whoever opened the room is gone.
  process.on('disconnect', () => process.exit(0));
  setInterval(() => tell({ kind: 'beat' }), BEAT_MS);
}
