import { Controller } from '@nestjs/common';
import { Ctx, NatsContext, Payload } from '@nestjs/microservices';
import {
  advanceJob,
  Answers,
  attachWorker,
  blameJob,
  cancelWrite,
  claimJob,
  findPendingRecord,
  gateIntegration,
  listWrites,
  madeRecords,
  noteRefresh,
  observeCalls,
  openWrite,
  resolveWrite,
  retryWrite,
  settleJob,
  writeStatus,
  writtenValues,
  type Advance,
  type Attach,
  type Attached,
  type JobRequest,
  type NoteRefresh,
  type Observation,
  type OpenWrite,
  type Principal,
  type Settle,
} from '#messaging';
import { traceparentNow } from '#tracing';
import { Ledger } from './ledger.ts';
import { CircumstancesKeeper } from './move/circumstances.keeper.ts';
import { StreamsKeeper } from './move/streams.keeper.ts';
import { Database } from './store/database.ts';
import { madeAmong } from './store/found-records.ts';
import { logOf } from './write-log.ts';
import { createOf, statusOf } from './write-status.ts';
import { judged, writtenBy } from './written-values.ts';

/** The requests that the ledger answers; what they promise stands with their contracts. */
@Controller()
export class LedgerController {
  constructor(
    private readonly ledger: Ledger,
    private readonly database: Database,
    private readonly streams: StreamsKeeper,
    private readonly circumstances: CircumstancesKeeper,
  ) {}

  @Answers(openWrite)
  open(@Payload() request: OpenWrite) {
    const traceparent = traceparentNow();
    return this.ledger.open(traceparent === undefined ? request : { ...request, traceparent });
  }

  @Answers(claimJob)
  claim(@Payload() ask: { job_id: string; release: number; worker: string }, @Ctx() context: NatsContext) {
    return this.ledger.claim(pmsOf(context), ask);
  }

  @Answers(advanceJob)
  advance(@Payload() ask: Advance, @Ctx() context: NatsContext) {
    return this.ledger.advance(pmsOf(context), ask);
  }

  @Answers(settleJob)
  settle(@Payload() ask: Settle, @Ctx() context: NatsContext) {
    return this.ledger.settle(pmsOf(context), ask);
  }

  @Answers(attachWorker)
  async attach(@Payload() ask: Attach, @Ctx() context: NatsContext): Promise<Attached> {
    const pms = pmsOf(context);
    const [consumer, circumstances] = await Promise.all([this.streams.attach(pms, ask), this.circumstances.attend(pms, ask)]);
    return { ...consumer, circumstances };
  }

  @Answers(observeCalls)
  async observe(@Payload() seen: Observation, @Ctx() context: NatsContext) {
    await this.circumstances.observe(pmsOf(context), seen);
    return { ok: true };
  }

  @Answers(blameJob)
  blame(@Payload() ask: { job_id: string; token: number; how: string }, @Ctx() context: NatsContext) {
    return this.ledger.blame(pmsOf(context), ask);
  }

  @Answers(writeStatus)
  status(@Payload() { principal, job_id }: JobRequest) {
    return statusOf(this.database, principal.organization_id, job_id);
  }

  @Answers(retryWrite)
  retry(@Payload() request: JobRequest) {
    return this.ledger.retry(request);
  }

  @Answers(cancelWrite)
  cancel(@Payload() request: JobRequest) {
    return this.ledger.cancel(request);
  }

  @Answers(resolveWrite)
  async resolve(@Payload() request: JobRequest) {
    await this.ledger.resolve(request);
    return statusOf(this.database, request.principal.organization_id, request.job_id);
  }

  @Answers(listWrites)
  list(@Payload() { principal, query }: { principal: Principal; query: Readonly<Record<string, string>> }) {
    return logOf(this.database.em, principal.organization_id, query);
  }

  @Answers(findPendingRecord)
  pending(@Payload() { organization_id, record_id }: { organization_id: string; record_id: string }) {
    return createOf(this.database, organization_id, record_id);
  }

  @Answers(noteRefresh)
  async refreshed(@Payload() note: NoteRefresh) {
    return this.ledger.noteRefresh(await judged(this.database, note));
  }

  @Answers(writtenValues)
  written(@Payload() { job_id }: { job_id: string }) {
    return writtenBy(this.database, job_id);
  }

  @Answers(madeRecords)
  made(@Payload() ask: { integration_id: string; model: string; x_ids: readonly string[] }) {
    return madeAmong(this.database, ask);
  }

  @Answers(gateIntegration)
  async gate(@Payload() { integration_id, held }: { integration_id: string; held: string | null }) {
    await this.ledger.gate(integration_id, held);
    await this.circumstances.gateTurned(integration_id, held !== null);
    return { ok: true };
  }
}

/** A worker may only use the subjects of its own PMS, so the last token says who is asking. */
const pmsOf = (context: NatsContext): string => context.getSubject().split('.').at(-1) ?? '';
