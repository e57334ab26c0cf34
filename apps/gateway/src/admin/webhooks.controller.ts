import { Controller, Delete, Get, HttpCode, Post, Put, Req, Res } from '@nestjs/common';
import { administerWebhooks, MessageBus } from '#messaging';
import { Needs } from '../auth/needs.decorator.ts';
import { idParam, type Reply, type Request } from '../http/request.ts';
import { handOn } from './hand-on.ts';

/** Webhooks and their deliveries: the gateway knows the routes and their scope, the service of webhooks what they mean. */
@Controller('v1/webhooks')
export class WebhooksController {
  constructor(private readonly bus: MessageBus) {}

  @Get()
  @Needs('admin')
  list(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.ask('list', request, reply);
  }

  @Post()
  @HttpCode(200)
  @Needs('admin')
  create(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.ask('create', request, reply);
  }

  @Get(':webhook_id')
  @Needs('admin')
  read(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.ask('read', request, reply);
  }

  @Put(':webhook_id')
  @Needs('admin')
  update(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.ask('update', request, reply);
  }

  @Delete(':webhook_id')
  @Needs('admin')
  delete(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.ask('delete', request, reply);
  }

  @Post(':webhook_id/test')
  @HttpCode(200)
  @Needs('admin')
  test(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.ask('test', request, reply);
  }

  @Post(':webhook_id/rotate-secret')
  @HttpCode(200)
  @Needs('admin')
  rotateSecret(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.ask('rotate-secret', request, reply);
  }

  @Get(':webhook_id/deliveries')
  @Needs('admin')
  listDeliveries(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.ask('list-deliveries', request, reply);
  }

  @Post(':webhook_id/deliveries/:delivery_id/replay')
  @HttpCode(200)
  @Needs('admin')
  replay(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.ask('replay', request, reply);
  }

  private ask(action: string, request: Request, reply: Reply): Promise<unknown> {
    if ('webhook_id' in request.params) idParam(request, 'webhook_id', 'webhook');
    if ('delivery_id' in request.params) idParam(request, 'delivery_id', 'delivery');
    return handOn(this.bus, administerWebhooks, action, request, reply);
  }
}
