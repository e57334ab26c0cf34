import { Module, type DynamicModule } from '@nestjs/common';
import { MessageBus } from '#messaging';
import { AdministrationController } from './admin/administration.controller.ts';
import { SyncReportsController } from './admin/sync-reports.controller.ts';
import { WebhooksController } from './admin/webhooks.controller.ts';
import { RouteTable } from './http/route-table.ts';
import { DocumentSource } from './openapi/document-source.ts';
import { OpenApiController } from './openapi/openapi.controller.ts';
import { RecordsController } from './records/records.controller.ts';
import { Closing } from './writes/closing.ts';
import { WriteStatusController } from './writes/write-status.controller.ts';
import { WriteWatch } from './writes/write-watch.ts';
import { WritesController } from './writes/writes.controller.ts';

@Module({})
export class GatewayModule {
  static with(bus: MessageBus, routes: RouteTable): DynamicModule {
    return {
      module: GatewayModule,
      controllers: [
        OpenApiController,
        AdministrationController,
        WebhooksController,
        SyncReportsController,
        WriteStatusController,
        RecordsController,
        WritesController,
      ],
      providers: [
        { provide: MessageBus, useValue: bus },
        { provide: RouteTable, useValue: routes },
        DocumentSource,
        WriteWatch,
        Closing,
      ],
    };
  }
}
