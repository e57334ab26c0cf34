import { RouteConfig } from '@nestjs/platform-fastify';
import type { Scope } from '#messaging';

/** The scope that a key needs to use a route. Every route must name one. */
export const Needs = (scope: Scope): MethodDecorator => RouteConfig({ scope });
