export * from './signature.ts';
export * from './secret.ts';
