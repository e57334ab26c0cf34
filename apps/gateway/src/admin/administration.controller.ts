import { Controller, Delete, Get, HttpCode, Post, Put, Req, Res } from '@nestjs/common';
import { administer, MessageBus } from '#messaging';
import { Needs } from '../auth/needs.decorator.ts';
import type { Reply, Request } from '../http/request.ts';
import { handOn } from './hand-on.ts';

/** Integrations, API keys and capabilities: the gateway knows the routes and their scopes, the router what they mean. */
@Controller('v1')
export class AdministrationController {
  constructor(private readonly bus: MessageBus) {}

  @Get('admin/integrations')
  @Needs('admin')
  listIntegrations(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.ask('integrations.list', request, reply);
  }

  @Post('admin/integrations')
  @Needs('admin')
  createIntegration(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.ask('integrations.create', request, reply);
  }

  @Get('admin/integrations/:integration_id')
  @Needs('admin')
  readIntegration(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.ask('integrations.read', request, reply);
  }

  @Put('admin/integrations/:integration_id')
  @Needs('admin')
  updateIntegration(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.ask('integrations.update', request, reply);
  }

  @Delete('admin/integrations/:integration_id')
  @Needs('admin')
  deleteIntegration(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.ask('integrations.delete', request, reply);
  }

  @Post('admin/integrations/:integration_id/data-access')
  @Needs('admin')
  startDataAccess(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.ask('integrations.start-data-access', request, reply);
  }

  @Get('admin/integrations/:integration_id/data-access')
  @Needs('admin')
  readDataAccess(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.ask('integrations.read-data-access', request, reply);
  }

  @Post('admin/integrations/:integration_id/manual-sync')
  @Needs('admin')
  manualSync(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.ask('integrations.manual-sync', request, reply);
  }

  @Post('admin/integrations/:integration_id/back-sync')
  @Needs('admin')
  backSync(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.ask('integrations.back-sync', request, reply);
  }

  @Get('admin/integrations/:integration_id/job-schedules')
  @Needs('admin')
  listJobSchedules(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.ask('integrations.list-job-schedules', request, reply);
  }

  @Get('admin/integrations/:integration_id/job-schedules/:job_schedule_id')
  @Needs('admin')
  readJobSchedule(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.ask('integrations.read-job-schedule', request, reply);
  }

  @Get('admin/api-keys')
  @Needs('admin')
  listApiKeys(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.ask('api-keys.list', request, reply);
  }

  @Post('admin/api-keys')
  @Needs('admin')
  createApiKey(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.ask('api-keys.create', request, reply);
  }

  @Delete('admin/api-keys/:id')
  @Needs('admin')
  deleteApiKey(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.ask('api-keys.delete', request, reply);
  }

  @Get(['capabilities', 'capabilities/:vendor', 'capabilities/:vendor/:model'])
  @Needs('read')
  listCapabilities(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.ask('capabilities.list', request, reply);
  }

  @Get('capabilities/:vendor/:model/:operation')
  @Needs('read')
  readCapability(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.ask('capabilities.read', request, reply);
  }

  /** Stores nothing, so reading is enough. */
  @Post('capabilities/:vendor/:model/:operation/validate')
  @HttpCode(200)
  @Needs('read')
  validate(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.ask('capabilities.validate', request, reply);
  }

  private ask(action: string, request: Request, reply: Reply): Promise<unknown> {
    return handOn(this.bus, administer, action, request, reply);
  }
}
