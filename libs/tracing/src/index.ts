export * from './traceparent.ts';
export * from './activity.ts';
