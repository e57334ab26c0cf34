/**
 * What customers entrust to an endpoint, at rest: its signing secrets and the values of its headers, sealed with the key ring of this service and
 * bound to their place, as the credentials of PMSs are with those of the workers. No other service has the ring.
 */
import { seal, unseal, type Keys, type Place } from '#adapter-kit';

interface Owner {
  readonly organization_id: string;
  /** Of the endpoint. */
  readonly id: string;
}

/** Headers have no versions: a new value takes the place of the old one. */
const HEADER_VERSION = 1;

export class SealedSecrets {
  constructor(private readonly keys: Keys) {}

  sealSecret(owner: Owner, version: number, secret: string): string {
    return seal(this.keys.ring, placeOf(owner, 'secret', version), secret);
  }

  /** @throws SealBroken */
  openSecret(owner: Owner, version: number, sealed: string): Promise<string> {
    return this.open(placeOf(owner, 'secret', version), sealed);
  }

  sealHeader(owner: Owner, name: string, value: string): string {
    return seal(this.keys.ring, placeOf(owner, `header ${name}`, HEADER_VERSION), value);
  }

  /** @throws SealBroken */
  openHeader(owner: Owner, name: string, sealed: string): Promise<string> {
    return this.open(placeOf(owner, `header ${name}`, HEADER_VERSION), sealed);
  }

  /** A ring that another process has changed a moment ago may not be read yet. */
  private async open(place: Place, sealed: string): Promise<string> {
    try {
      return unseal(this.keys.ring, place, sealed);
    } catch {
      await this.keys.reread();
      return unseal(this.keys.ring, place, sealed);
    }
  }
}

/** An endpoint stands where an integration stands for credentials. */
const placeOf = ({ organization_id, id }: Owner, field: string, version: number): Place => ({
  organizationId: organization_id,
  integrationId: id,
  field,
  version,
});
