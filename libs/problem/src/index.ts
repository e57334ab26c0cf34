export * from './issue.ts';
export * from './problem.ts';
