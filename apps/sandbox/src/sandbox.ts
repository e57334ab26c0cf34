/**
 * Puts the sandbox together: the control routes (Nest) and the vendors' routes (plain Fastify) on one port.
 *
 * Promises: a returned application is initialised but not listening. Fails: an unwritable journal file throws.
 */
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { parseControlBody } from './control/accept.ts';
import { ControlController } from './control/control.controller.ts';
import type { Simulator } from './simulator.ts';
import { createSimulators, SIMULATORS } from './simulators.ts';
import { FaultRules } from './traffic/fault-rules.ts';
import { Journal } from './traffic/journal.ts';
import { Settings } from './traffic/settings.ts';
import { vendorRoutes } from './traffic/vendor-routes.ts';
import { VendorTraffic } from './traffic/vendor-traffic.ts';

export interface SandboxOptions {
  /** Also append each effect to this file as a JSON line, synced to disk. */
  readonly journalFile?: string;
}

const MAX_BODY_BYTES = 20 * 1024 * 1024;

@Module({})
class SandboxModule {}

export async function createSandbox({ journalFile }: SandboxOptions = {}): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    {
      module: SandboxModule,
      controllers: [ControlController],
      providers: [
        { provide: SIMULATORS, useFactory: createSimulators },
        { provide: Journal, useFactory: () => new Journal(journalFile) },
        FaultRules,
        Settings,
        VendorTraffic,
      ],
    },
    // A hanging fault keeps its socket open; closing must not wait for it.
    new FastifyAdapter({ forceCloseConnections: true, bodyLimit: MAX_BODY_BYTES }),
    { logger: ['error', 'warn'], bodyParser: false },
  );
  app.useBodyParser('application/json', {}, (_request, body, parsed) => parsed(null, parseControlBody(body)));
  await app.register(vendorRoutes(app.get<readonly Simulator[]>(SIMULATORS), app.get(VendorTraffic)));
  return app.init();
}
