/** How requests of administration are read: bodies, parameters of lists, and what is wrong with them. For every service that answers some. */
export * from './issues.ts';
export * from './list-query.ts';
export * from './page.ts';
export * from './shape.ts';
