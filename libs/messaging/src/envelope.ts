/**
 * How requests travel: letters that are asked for in one turn of the event loop, on one subject, share an envelope; and so do answers that
 * are ready in one turn. An idle system sends each letter at once and alone; a busy one pays for a message once for many letters. No letter
 * waits for another's answer.
 *
 *   request   [{ id, traceparent?, data: { version, body } }, ...]
 *   answer    [{ id, response } | { id, err }, ...]   any number of envelopes, until each letter has its answer
 */

/** One request, in the form that Nest's handlers read; its id is the asker's own and comes back with the answer. */
export interface Letter<Body = unknown> {
  readonly id: number;
  /** Where in a trace it was written: an envelope may hold letters of many. */
  readonly traceparent?: string;
  readonly data: { readonly version: number; readonly body: Body };
}

export type Reply = { readonly id: number } & ({ readonly response?: unknown } | { readonly err: unknown });

/** An envelope is closed at so many letters, so that several answerers share the work of a burst. */
export const MOST_LETTERS = 64;
/** And at so many bytes, well below what a server takes; a larger letter travels alone. */
const MOST_BYTES = 128 * 1_024;

/** Collects what is written in one turn and hands it on, as the text of one envelope or a few. */
export class Envelopes {
  private letters: string[] = [];
  private bytes = 0;
  private scheduled = false;

  constructor(private readonly send: (envelope: string, letters: number) => void) {}

  add(letter: string): void {
    const bytes = Buffer.byteLength(letter);
    if (this.letters.length >= MOST_LETTERS || (this.letters.length > 0 && this.bytes + bytes > MOST_BYTES)) this.close();
    this.letters.push(letter);
    this.bytes += bytes;
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.close();
    });
  }

  private close(): void {
    const { letters } = this;
    if (letters.length === 0) return;
    this.letters = [];
    this.bytes = 0;
    this.send(`[${letters.join(',')}]`, letters.length);
  }
}
