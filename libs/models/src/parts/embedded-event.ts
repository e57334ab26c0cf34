import { Instant, OneOf, Reference, Text } from '../vocabulary/decorators.ts';

export const EVENT_NAMES = [
  'CallToProspect',
  'CallFromProspect',
  'WalkIn',
  'Chat',
  'Email',
  'Text',
  'Webservice',
  'Appointment',
  'Show',
  'SelfGuidedTour',
  'Application',
  'Other',
] as const;
export type EventName = (typeof EVENT_NAMES)[number];

/** Something that happened, or is planned, with the person whose record carries it: a call, a visit, an appointment. */
export class EmbeddedEvent {
  @Reference('events', { description: 'The event to change; leave it out to add one.' })
  id?: string | null;

  @OneOf(EVENT_NAMES, { description: 'What sort of event it is, where the PMS has these sorts.', example: 'CallFromProspect' })
  event_name?: EventName | null;

  @Text({ description: 'What sort of event it is, by the id that the PMS gives to the sort.', example: '4', maxLength: 255 })
  x_type_id?: string | null;

  @Text({ description: 'The finer sort of event, by the id that the PMS gives to it.', example: '12', maxLength: 255 })
  x_sub_type_id?: string | null;

  @Text({ description: 'How the event ended, by the id that the PMS gives to the result.', example: '3', maxLength: 255 })
  x_result_id?: string | null;

  @Text({ description: 'Short title.', example: 'First call', maxLength: 255 })
  title?: string | null;

  @Text({ description: 'What there is to say about it.', example: 'Asked about parking.' })
  notes?: string | null;

  @Text({ description: 'Why it took place.', example: 'Interested in a two-bedroom unit' })
  reasons_for_event?: string | null;

  @Instant({ description: 'When it happened.', example: '2026-05-01T14:30:00Z' })
  event_datetime?: string | null;

  @Instant({ description: 'When the appointment is, for events that are one.', example: '2026-05-04T15:00:00Z' })
  appointment_datetime?: string | null;

  @Text({ description: 'Start of the appointment, as a time of day.', example: '15:00', maxLength: 40 })
  time_from?: string | null;

  @Text({ description: 'End of the appointment, as a time of day.', example: '15:30', maxLength: 40 })
  time_to?: string | null;

  @Reference('units', { description: 'The unit that it is about.' })
  unit_id?: string | null;

  @Reference('lead-sources', { description: 'Where the person first heard of the property.' })
  lead_source_id?: string | null;

  @Reference('employees', { description: 'The employee who took part.' })
  employee_id?: string | null;

  @Text({ description: 'The leasing agent who took part, by the id that the PMS gives to them.', example: '310', maxLength: 255 })
  x_leasing_agent_id?: string | null;

  static readonly example = {
    event_name: 'CallFromProspect',
    event_datetime: '2026-05-01T14:30:00Z',
    notes: 'Asked about parking.',
  } as const;
}
