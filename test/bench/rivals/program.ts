/**
 * What the programs that we are compared with have in common: one process that accepts behind a bare Fastify, one that carries out, and the
 * same call to the same PMS. No validation, no routing, no tenants, no reading back, no second thoughts about an answer that never came.
 */
import { fastify } from 'fastify';
import { Agent, request } from 'undici';
import pg from 'pg';

/** What a program is started with, as JSON in its first argument. */
export interface Orders {
  readonly role: 'accept' | 'carry out';
  readonly database: string;
  readonly pms: {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    /** The body of a create; names are replaced by those of the job. */
    readonly template: Readonly<Record<string, unknown>>;
  };
}

/** What a program says when it is ready. */
export interface Ready {
  /** 0 when it accepts nothing. */
  readonly port: number;
}

/** What is carried out, as the caller sent it. */
export interface Payload {
  readonly first_name: string;
  readonly last_name: string;
}

/** As many as our own ledger has. */
export const CONNECTIONS = 20;
/** As many as our own worker has. */
export const HANDS = 64;

export const orders = (): Orders => JSON.parse(process.argv[2] ?? '{}') as Orders;

export const ready = (port: number): void => void process.send?.({ port } satisfies Ready);

/** @param enqueue Resolves after the commit, with the id of the job. */
export async function accept(enqueue: (payload: object) => Promise<string>): Promise<void> {
  const app = fastify();
  app.post('/v1/residents/', async ({ body }) => ({ job_id: await enqueue(body as object), data: body }));
  await app.listen({ host: '127.0.0.1', port: 0 });
  const address = app.server.address();
  ready(typeof address === 'object' && address ? address.port : 0);
}

const agent = new Agent({ connections: HANDS });

/** @returns the id of the new record. @throws Error when the PMS answered anything but 201 */
export async function createAtPms(
  { url, headers, template }: Orders['pms'],
  { first_name, last_name }: Payload,
): Promise<string> {
  const { statusCode, body } = await request(url, {
    dispatcher: agent,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ ...template, FirstName: first_name, LastName: last_name }),
  });
  const answer = await body.text();
  if (statusCode !== 201) throw new Error(`The PMS answered ${statusCode}: ${answer}`);
  return String((JSON.parse(answer) as { Id: number }).Id);
}

/**
 * What no queue keeps by itself: that a call is about to be made (so that a crash leaves a question, and not a second call) and how it ended.
 * Both resolve after their commit.
 */
export class Intents {
  private constructor(
    private readonly pool: pg.Pool,
    private readonly table: string,
  ) {}

  static async at(pool: pg.Pool, schema: string): Promise<Intents> {
    await pool.query(`create schema if not exists ${schema}`);
    await pool.query(`create table if not exists ${schema}.intent (job_id text primary key, state text not null, x_id text,
      sending_at timestamptz not null, settled_at timestamptz)`);
    return new Intents(pool, `${schema}.intent`);
  }

  async sending(jobs: readonly string[]): Promise<void> {
    const text = `insert into ${this.table} (job_id, state, sending_at) select unnest($1::text[]), 'SENDING', clock_timestamp()`;
    await this.pool.query({ name: 'sending', text, values: [jobs] });
  }

  async settled(results: readonly { readonly id: string; readonly x_id: string }[]): Promise<void> {
    const text = `update ${this.table} i set state = 'SUCCEEDED', x_id = r.x_id, settled_at = clock_timestamp()
      from unnest($1::text[], $2::text[]) as r(id, x_id) where i.job_id = r.id`;
    await this.pool.query({ name: 'settled', text, values: [results.map(({ id }) => id), results.map(({ x_id }) => x_id)] });
  }
}
