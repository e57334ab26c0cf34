import 'reflect-metadata';
import { bootService } from '#service-kit';
import { startRouter } from './router.ts';

await bootService('router', startRouter);
