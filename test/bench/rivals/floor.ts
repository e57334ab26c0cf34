/**
 * The floor that the accept path is measured against: a bare Fastify whose only work is one INSERT per request, in commits that requests share.
 * Less is not possible with the same promise. It accepts only; nobody carries out.
 */
import pg from 'pg';
import { Grouped } from './grouped.ts';
import { accept, orders } from './program.ts';

const pool = new pg.Pool({ connectionString: orders().database, max: 4 });
await pool.query('create schema if not exists rival_floor');
await pool.query(
  'create table if not exists rival_floor.job (seq bigint generated always as identity primary key, payload jsonb not null)',
);
const text = 'insert into rival_floor.job (payload) select unnest($1::jsonb[])';
const jobs = new Grouped<string>((payloads) => pool.query({ name: 'insert', text, values: [payloads] }));

await accept(async (payload) => {
  await jobs.add(JSON.stringify(payload));
  return 'x';
});
