/** Reads the bodies of the sandbox's own routes: bytes to JSON, JSON to a validated instance. */
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

/** A control body; none at all is fine, since many clients name a content type with every POST. */
export function parseControlBody(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch (cause) {
    throw new BadRequestException(['the body is no JSON'], { cause });
  }
}

function sentences(error: ValidationError): string[] {
  return Object.values(error.constraints ?? {});
}
