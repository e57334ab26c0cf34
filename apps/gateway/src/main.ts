import 'reflect-metadata';
import { bootService } from '#service-kit';
import { startGateway } from './gateway.ts';

await bootService('gateway', startGateway);
