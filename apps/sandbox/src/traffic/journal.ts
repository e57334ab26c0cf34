/**
 * The sandbox's memory of what happened: every call received and every record changed.
 *
 * Promises: append-only; one counter numbers calls and effects together, so `since` reads on.
 * An effect is in the journal (and, when a file is given, synced to disk) before its answer leaves.
 * Fails: an unwritable journal file throws, which ends the call as a 500: a lost effect would make the proof worthless.
 */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import type { Effect } from '../simulator.ts';

/** One request received. `status` stays null while unanswered, and for ever when the line was cut. */
export interface JournalCall {
  readonly seq: number;
  readonly at: string;
  readonly vendor: string;
  readonly method: string;
  readonly path: string;
  status: number | null;
  /** Kind of the fault that was played, or null. */
  fault: string | null;
}

/** One change of a vendor's records, with the request that caused it. */
export interface JournalEffect extends Effect {
  readonly seq: number;
  readonly at: string;
  readonly vendor: string;
  readonly method: string;
  readonly path: string;
  /** Only the content type: credentials travel in headers and do not belong in a journal. */
  readonly request_headers: { readonly 'content-type': string | null };
}

/** What a reader asks for; both are optional and narrow the answer. */
export interface JournalQuery {
  readonly vendor?: string;
  /** Only entries numbered above this. @default 0 */
  readonly since?: number;
}

export class Journal {
  private readonly calls: JournalCall[] = [];
  private readonly effects: JournalEffect[] = [];
  private seq = 0;
  private readonly file: number | undefined;

  /** @param path also append each effect to this file, one JSON line each. */
  constructor(path?: string) {
    this.file = path === undefined ? undefined : openSync(path, 'a');
  }

  /** Notes a request; the caller fills in `status` and `fault` as they become known. */
  openCall(call: Pick<JournalCall, 'at' | 'vendor' | 'method' | 'path'>): JournalCall {
    const entry: JournalCall = { seq: this.nextSeq(), ...call, status: null, fault: null };
    this.calls.push(entry);
    return entry;
  }

  recordEffect(call: JournalCall, contentType: string | undefined, at: string, effect: Effect): void {
    const { vendor, method, path } = call;
    const request_headers = { 'content-type': contentType ?? null };
    const entry: JournalEffect = { seq: this.nextSeq(), at, vendor, method, path, request_headers, ...effect };
    this.effects.push(entry);
    if (this.file === undefined) return;
    writeSync(this.file, `${JSON.stringify(entry)}\n`);
    fsyncSync(this.file);
  }

  read({ vendor, since = 0 }: JournalQuery): { effects: readonly JournalEffect[]; calls: readonly JournalCall[] } {
    const wanted = (entry: { vendor: string }): boolean => vendor === undefined || entry.vendor === vendor;
    return { effects: after(this.effects, since).filter(wanted), calls: after(this.calls, since).filter(wanted) };
  }

  /** Forgets everything in memory and counts from 1 again; the file keeps what it has. */
  clear(): void {
    this.calls.length = 0;
    this.effects.length = 0;
    this.seq = 0;
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
  }

  private nextSeq(): number {
    this.seq += 1;
    return this.seq;
  }
}

/** The entries numbered above `since`; entries are in order, so half of the rest is ruled out at each step. */
function after<Entry extends { readonly seq: number }>(entries: readonly Entry[], since: number): readonly Entry[] {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.seq ?? Infinity) > since) high = middle;
    else low = middle + 1;
  }
  return entries.slice(low);
}
