export * from './public-address.ts';
export * from './public-url.ts';
