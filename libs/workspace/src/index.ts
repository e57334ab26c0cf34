export * from './deployment.ts';
export * from './model-fields.ts';
export * from './names.ts';
export * from './pms.ts';
export * from './templates.ts';
export * from './tree.ts';
