import type { Capability, PmsDefinition } from '#capabilities';
import { Account } from '../src/account.ts';
import { PmsClient } from '../src/client.ts';
import type { Clock } from '../src/clock.ts';
import type { CallWatch } from '../src/watch.ts';
import { Egress } from '../src/egress.ts';
import { acme, CREDENTIALS } from './acme.ts';
import { startVendor, type Answer, type Vendor } from './vendor.ts';

export interface Setting {
  readonly answer: Answer;
  readonly pms?: Partial<PmsDefinition>;
  readonly widget?: Capability;
  readonly credentials?: Record<string, string>;
  readonly clock?: Clock;
  readonly path?: string;
  /** Whole time of one call, in milliseconds. @default 5000 */
  readonly timeoutMs?: number;
  readonly watch?: CallWatch;
}

const opened: { close(): Promise<void> }[] = [];

/** A vendor that answers as told, and a client of it. `closeAll` ends both. */
export async function speakingTo(setting: Setting): Promise<{ vendor: Vendor; client: PmsClient; capability: Capability }> {
  const { answer, pms, widget, credentials = CREDENTIALS, clock, path = '', timeoutMs = 5_000 } = setting;
  const vendor = await startVendor(answer);
  const egress = new Egress({ allow: [vendor.host], timeoutMs, ...(setting.watch && { watch: setting.watch }) });
  opened.push(vendor, egress);
  const definition = acme(pms, widget);
  const account = new Account(definition, 'int', credentials, vendor.origin + path);
  return {
    vendor,
    client: new PmsClient(account, egress, clock),
    capability: definition.capabilities.get('widgets') as Capability,
  };
}

export async function closeAll(): Promise<void> {
  for (const it of opened.splice(0).reverse()) await it.close();
}
