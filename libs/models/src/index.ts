export * from './vocabulary/field.ts';
export * from './vocabulary/length.ts';
export * from './vocabulary/decorators.ts';
export * from './vocabulary/model.ts';
export * from './vocabulary/shape.ts';
export * from './vocabulary/schema.ts';
