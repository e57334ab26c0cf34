export * from './settings.ts';
export * from './tracing.ts';
export * from './logger.ts';
export * from './internal-server.ts';
export * from './boot.ts';
export * from './metrics.ts';
export { consumerMetrics } from './consumer-metrics.ts';
export type { ReadinessCheck } from './readiness.ts';
export * from './catalog.ts';
