/** Turns a parsed JSON value into a validated instance of one of the sandbox's bodies. */
import { BadRequestException } from '@nestjs/common';
import { plainToInstance, type ClassConstructor } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';

/** @throws BadRequestException with one sentence per mistake; unknown members are mistakes. */
export function accept<Body extends object>(type: ClassConstructor<Body>, value: unknown): Body {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BadRequestException(['send a JSON object']);
  const body = plainToInstance(type, value);
  const errors = validateSync(body, { whitelist: true, forbidNonWhitelisted: true });
  if (errors.length > 0) throw new BadRequestException(errors.flatMap(sentences));
  return body;
}

function sentences(error: ValidationError): string[] {
  return Object.values(error.constraints ?? {});
}
