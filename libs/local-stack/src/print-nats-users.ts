/**
 * Prints the `authorization` block for a NATS server that serves this build: a user for each service, named like it, with the rights that the
 * contracts give it. Passwords are not in it: each is a variable of the server's environment, `NATS_PASSWORD_<SERVICE>`.
 *
 * For Compose, which runs it at each start, and for whoever configures a server by hand. Fails with 1 when a worker belongs to no PMS library.
 */
import { authorizationOf } from './nats-users.ts';
import { findServices } from './services.ts';

const variableOf = (service: string): string => `$NATS_PASSWORD_${service.toUpperCase().replaceAll('-', '_')}`;

process.stdout.write(await authorizationOf(findServices(), variableOf));
