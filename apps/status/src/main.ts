import 'reflect-metadata';
import { bootService } from '#service-kit';
import { startStatus } from './status.service.ts';

await bootService('status', startStatus);
