/** What one may ask of a local stack, and what one gets. stack.ts keeps it. */
import type { Log } from './processes.ts';

/** How a stack is started. */
export interface StackOptions {
  /** State folder, from the repository's root; one stack at a time. @default '.latchkey' */
  readonly directory?: string;
  /** Progress, one line at a time. @default none */
  readonly log?: Log;
  /** Names of the services to start. @default all that are built */
  readonly services?: readonly string[];
  /** Processes of each service but the sandbox: `status`, `status-2`, ... They share `env`. @default 1 */
  readonly replicas?: number;
  /** The port, on 127.0.0.1, that services are told in place of a server's own: that of a proxy. @default the server's own */
  readonly via?: (server: 'nats' | 'database', port: number) => number;
  /** More settings by service, over those of the table in services.ts. */
  readonly env?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /**
   * Ports to take if they are free: `gateway`, `sandbox`, `postgres`, `nats`, and `<service>.internal`.
   * @default those of last time, else any free ones
   */
  readonly preferredPorts?: Readonly<Record<string, number>>;
  /** @default the environment's DATABASE_URL; '' for an own server in any case */
  readonly databaseUrl?: string;
  /** @default the environment's NATS_URL; '' for an own server in any case */
  readonly natsUrl?: string;
  /** `records`: wait for the first records of each integration; `integrations`: make them; `keys`: only the organization. @default 'records' */
  readonly demo?: 'records' | 'integrations' | 'keys';
  /** `restart`: start a service again when it ends by itself, with growing pauses; `report`: only say so. @default 'report' */
  readonly onCrash?: 'restart' | 'report';
  /** Aborting it stops the stack, also one that is still starting; `startStack` then rejects. @default none */
  readonly signal?: AbortSignal;
}

/** One process of a running stack. */
export interface StackService {
  readonly name: string;
  /** undefined while it does not run */
  readonly pid: number | undefined;
  readonly url: string | undefined;
  /** Health and metrics. */
  readonly internalUrl: string | undefined;
  readonly logFile: string;
}

/** A stack that runs. Getters of what it does not have throw an Error that says so. */
export interface Stack {
  readonly directory: string;
  readonly urls: { readonly gateway: string; readonly sandbox: string; readonly nats: string; readonly database: string };
  readonly keys: { readonly organizationId: string; readonly api: string; readonly admin: string };
  /** By vendor. */
  readonly integrations: Readonly<Record<string, { readonly id: string }>>;
  readonly services: readonly StackService[];
  /** `postgres` and `nats` are services too, unless they are not ours. @throws Error for an unknown name */
  service(name: string): StackService;
  /** Sends a signal; resolves when the process is gone, or at once for a signal that only suspends or resumes. It is not restarted. */
  kill(name: string, signal: NodeJS.Signals): Promise<void>;
  /** Ends the process in an orderly way if it runs, starts it again and waits until it is ready. */
  restart(name: string): Promise<void>;
  /** Ends everything that was started here. Data stay. */
  stop(): Promise<void>;
  /** `stop`, then the database and the message store are deleted. */
  discard(): Promise<void>;
}
