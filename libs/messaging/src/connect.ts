/**
 * The first connection to NATS. Services and their servers start in any order, so a server that is not there yet is waited for; one that
 * refuses the user is not, because no waiting helps.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { AuthorizationError, type NatsConnection } from '@nats-io/nats-core';
import { connect, type NodeConnectionOptions } from '@nats-io/transport-node';
import { inboxOf } from './rights.ts';

export interface ConnectOptions extends NodeConnectionOptions {
  /** Hears why there is no connection yet: at once, then every ten seconds. */
  readonly onWaiting?: (reason: unknown) => void;
  /** Hears once, when there is a connection, which version of nats-server is at its other end. */
  readonly onConnected?: (version: string) => void;
}

const TRY_EVERY_MS = 500;
const TELL_EVERY_MS = 10_000;

/** Where answers are heard: a server that knows users lets each hear its own inbox only. Undefined: NATS's own default. */
export const inboxPrefixOf = ({ inboxPrefix, user }: ConnectOptions): string | undefined =>
  inboxPrefix ?? (user === undefined ? undefined : inboxOf(user));

/** Keeps trying until there is a server, and reconnects for ever after. @throws Error when the server refuses the user */
export async function connectPatiently({ onWaiting, onConnected, ...options }: ConnectOptions): Promise<NatsConnection> {
  const inboxPrefix = inboxPrefixOf(options);
  let tellAt = 0;
  for (;;) {
    try {
      const settings = { maxReconnectAttempts: -1, reconnectTimeWait: 250, ...options, ...(inboxPrefix && { inboxPrefix }) };
      const connection = await connect(settings);
      onConnected?.(connection.info?.version ?? '');
      return connection;
    } catch (error) {
      if (error instanceof AuthorizationError) throw error;
      if (performance.now() >= tellAt) {
        onWaiting?.(error);
        tellAt = performance.now() + TELL_EVERY_MS;
      }
      await sleep(TRY_EVERY_MS);
    }
  }
}
