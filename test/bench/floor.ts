/**
 * The floor that the accept path is measured against: a bare Fastify whose only work is one INSERT per request, with requests that come while a
 * commit is under way sharing the next one. No validation, no routing, no queue: less is not possible with the same promise.
 */
import { fastify } from 'fastify';
import pg from 'pg';

const [url = '', port = '0'] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: url, max: 4 });
await pool.query('create schema if not exists floor');
await pool.query(
  'create table if not exists floor.job (seq bigint generated always as identity primary key, payload jsonb not null)',
);

interface Waiting {
  readonly payload: string;
  readonly done: (error?: unknown) => void;
}
let waiting: Waiting[] = [];
let committing = 0;

async function commit(): Promise<void> {
  if (committing >= 2 || waiting.length === 0) return;
  committing += 1;
  const batch = waiting;
  waiting = [];
  try {
    await pool.query('insert into floor.job (payload) select unnest($1::jsonb[])', [batch.map(({ payload }) => payload)]);
    for (const { done } of batch) done();
  } catch (error) {
    for (const { done } of batch) done(error);
  } finally {
    committing -= 1;
    void commit();
  }
}

const app = fastify();
app.put('/v1/residents/:id', async (request) => {
  await new Promise<void>((resolve, reject) => {
    waiting.push({ payload: JSON.stringify(request.body), done: (error) => (error ? reject(error as Error) : resolve()) });
    void commit();
  });
  return { job_id: 'x', data: request.body };
});
await app.listen({ host: '127.0.0.1', port: Number(port) });
process.send?.({ port: (app.server.address() as { port: number }).port });
process.on('SIGTERM', () => process.exit(0));
