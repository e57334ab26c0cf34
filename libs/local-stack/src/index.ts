/** A whole Latchkey on one machine, for `npm start`, for end-to-end tests and for the bench. */
export { startStack } from './stack.ts';
export type { Stack, StackOptions, StackService } from './stack-contract.ts';
export { startPostgres, type Postgres, type PostgresOptions } from './postgres.ts';
export { startNats, type Nats, type NatsOptions } from './nats.ts';
export { authorizationOf, natsPasswords } from './nats-users.ts';
export { rotateKeys, type Rotated, type Rotation } from './rotation.ts';
export { freePort, isFree, type PortWish } from './ports.ts';
export { StackRunningError } from './state.ts';
export type { Daemon, Log } from './processes.ts';
