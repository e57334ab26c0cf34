import { Module, type DynamicModule } from '@nestjs/common';
import { EntityManager, type MikroORM } from '@mikro-orm/postgresql';
import type { Keys } from '#adapter-kit';
import type { MessageBus } from '#messaging';
import type { Catalog, Logger } from '#service-kit';
import { AdministrationController } from './administration/administration.controller.ts';
import { DeliveriesAdministration } from './administration/deliveries.administration.ts';
import { Ground } from './administration/ground.ts';
import { WebhooksAdministration } from './administration/webhooks.administration.ts';
import { WriteEvents } from './events/write-events.ts';
import { WebhookMetrics } from './metrics.ts';
import { SealedSecrets } from './sealed-secrets.ts';
import { Courier, type CourierOptions } from './sending/courier.ts';
import { SCHEDULE, type Schedule } from './sending/schedule.ts';
import { Sender, type SenderOptions } from './sending/sender.ts';
import { DeliveriesRepository } from './store/deliveries.repository.ts';
import { EndpointsRepository } from './store/endpoints.repository.ts';

/** What webhooks runs on. */
export interface Foundation {
  readonly orm: MikroORM;
  readonly bus: MessageBus;
  readonly catalog: {
    readonly models: ReadonlyMap<string, unknown>;
    bySlug(slug: string): Pick<NonNullable<ReturnType<Catalog['bySlug']>>, 'vendor'> | undefined;
  };
  readonly keys: Keys;
  readonly log: Logger;
  readonly egress: CourierOptions;
  /** @default ten tries over three days */
  readonly schedule?: Schedule;
  readonly sender?: Partial<Omit<SenderOptions, 'schedule'>>;
}

/** From the end of the longest try to the end of its claim: time to commit what came of it. */
const LEASE_MARGIN_MS = 5_000;

/** The parts of the service, put together; nothing runs yet. */
export function assemble({ orm, bus, catalog, keys, log, egress, schedule = SCHEDULE, sender: options }: Foundation) {
  const leaseMs = egress.timeoutMs + LEASE_MARGIN_MS;
  const secrets = new SealedSecrets(keys);
  const metrics = new WebhookMetrics(orm.em);
  const courier = new Courier(secrets, egress);
  const sender = new Sender(orm.em, courier, log, metrics, { leaseMs, schedule, ...options });
  const onQueued = (): void => sender.wake();
  const vendorOf = (pms: string): string | undefined => catalog.bySlug(pms)?.vendor;
  return {
    em: orm.em,
    secrets,
    courier,
    sender,
    metrics,
    events: new WriteEvents({ em: orm.em, bus, vendorOf, expiresMs: schedule.expiresMs, log, metrics, onQueued }),
    ground: new Ground({ models: catalog.models, egressAllow: egress.allow, schedule, leaseMs, onQueued }),
  };
}

@Module({})
export class WebhooksModule {
  /** Answers requests with these parts. */
  static of({ em, secrets, courier, ground }: ReturnType<typeof assemble>): DynamicModule {
    return {
      module: WebhooksModule,
      controllers: [AdministrationController],
      providers: [
        { provide: EntityManager, useValue: em },
        { provide: SealedSecrets, useValue: secrets },
        { provide: Courier, useValue: courier },
        { provide: Ground, useValue: ground },
        EndpointsRepository,
        DeliveriesRepository,
        WebhooksAdministration,
        DeliveriesAdministration,
      ],
    };
  }
}
