import { Module, type DynamicModule } from '@nestjs/common';
import { EntityManager } from '@mikro-orm/postgresql';
import { MessageBus } from '#messaging';
import type { Catalog } from '#service-kit';
import { AdministrationController } from './administration/administration.controller.ts';
import { ApiKeysAdministration } from './administration/api-keys.administration.ts';
import { CapabilitiesAdministration } from './administration/capabilities.administration.ts';
import { ConnectionCheck } from './administration/connection-check.ts';
import { EGRESS_ALLOW } from './administration/egress.ts';
import { IntegrationsAdministration } from './administration/integrations.administration.ts';
import { SyncAdministration } from './administration/sync.administration.ts';
import { CATALOG } from './catalog.ts';
import { ConnectionsController } from './connections/connections.controller.ts';
import { DescriptionController } from './description/description.controller.ts';
import { IntegrationsLookup } from './integrations.lookup.ts';
import { AuthenticationController } from './keys/authentication.controller.ts';
import { ApiKeysRepository } from './store/api-keys.repository.ts';
import { IntegrationsRepository } from './store/integrations.repository.ts';
import { RecordLocator } from './writes/record-locator.ts';
import { WritePlaces } from './writes/write-place.ts';
import { WriteRouter } from './writes/write-router.ts';
import { WritesController } from './writes/writes.controller.ts';

/** What the router is made with. Their owners open and close them. */
export interface RouterParts {
  readonly em: EntityManager;
  readonly bus: MessageBus;
  readonly catalog: Catalog;
  readonly egressAllow: readonly string[];
}

@Module({})
export class RouterModule {
  static with({ em, bus, catalog, egressAllow }: RouterParts): DynamicModule {
    return {
      module: RouterModule,
      controllers: [
        AuthenticationController,
        WritesController,
        AdministrationController,
        DescriptionController,
        ConnectionsController,
      ],
      providers: [
        { provide: EntityManager, useValue: em },
        { provide: MessageBus, useValue: bus },
        { provide: CATALOG, useValue: catalog },
        { provide: EGRESS_ALLOW, useValue: egressAllow },
        ApiKeysRepository,
        IntegrationsRepository,
        IntegrationsLookup,
        RecordLocator,
        WritePlaces,
        WriteRouter,
        ConnectionCheck,
        SyncAdministration,
        IntegrationsAdministration,
        ApiKeysAdministration,
        CapabilitiesAdministration,
      ],
    };
  }
}
