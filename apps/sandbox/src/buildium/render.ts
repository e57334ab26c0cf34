/**
 * The parts that several records show when they are read, where the read shape differs from the written one.
 *
 * Promises: every member is there; what was not written is null.
 */
import type {
  AddressMessage,
  EmergencyContactMessage,
  PhoneNumberMessage,
  PhoneNumbersMessage,
  SaveAddressMessage,
  SaveEmergencyContactMessage,
} from '#pms/buildium/wire';
import type { Effect } from '../simulator.ts';
import type { Call, CallKey } from './api.ts';

/** Written as one member each, read as a list whose types have other names. */
const phoneTypes = [
  ['Home', 'Home'],
  ['Work', 'Office'],
  ['Mobile', 'Cell'],
  ['Fax', 'Fax'],
] as const satisfies readonly (readonly [keyof PhoneNumbersMessage, PhoneNumberMessage['Type']])[];

export function renderPhones(phones: PhoneNumbersMessage | null | undefined): Required<PhoneNumberMessage>[] {
  return phoneTypes.flatMap(([written, Type]) => {
    const Number = phones?.[written];
    return Number ? [{ Number, Type }] : [];
  });
}

export function renderAddress(address: SaveAddressMessage): Required<AddressMessage> {
  return {
    AddressLine1: address.AddressLine1,
    AddressLine2: address.AddressLine2 ?? null,
    AddressLine3: address.AddressLine3 ?? null,
    City: address.City ?? null,
    State: address.State ?? null,
    PostalCode: address.PostalCode,
    Country: address.Country,
  };
}

export const renderOptionalAddress = (address: SaveAddressMessage | null | undefined): Required<AddressMessage> | null =>
  address ? renderAddress(address) : null;

export function renderEmergencyContact(
  contact: SaveEmergencyContactMessage | null | undefined,
): Required<EmergencyContactMessage> | null {
  if (!contact) return null;
  return {
    Name: contact.Name ?? null,
    RelationshipDescription: contact.RelationshipDescription ?? null,
    Phone: contact.Phone ?? null,
    Email: contact.Email ?? null,
  };
}

/** Rounds away what adding binary fractions of a dollar leaves behind. */
export const sumOf = (amounts: readonly number[]): number =>
  Math.round(amounts.reduce((sum, amount) => sum + amount, 0) * 100) / 100;

/** Tells the journal and gives the record back. */
export function noted<K extends CallKey, Rendered>(
  { world, body }: Call<K>,
  effect: Pick<Effect, 'resource' | 'action'> & { readonly id: number; readonly sent?: unknown },
  record: Rendered,
): Rendered {
  const { resource, action, id, sent = body } = effect;
  world.record({ resource, action, id: String(id), sent, record });
  return record;
}
