import { Instant, Reference, Text } from '../vocabulary/decorators.ts';
import { EmbeddedRecord } from './embedded-record.ts';

/** One entry in the history of a service request. */
export class HistoryEntry extends EmbeddedRecord {
  @Instant({ description: 'When the PMS says that the entry was made.', example: '2026-05-02T10:15:00Z', readOnly: true })
  x_created_at?: string | null;

  @Text({ description: 'What the entry says.', example: 'Replaced the washer.', readOnly: true })
  notes?: string | null;

  @Text({ description: 'Who made the entry.', example: 'Jo Park', readOnly: true })
  creator_name?: string | null;

  @Text({ description: 'How the request then stood, in the words of the PMS.', example: 'In Progress', readOnly: true })
  status_raw?: string | null;

  @Reference('service-requests', { description: 'The service request that it belongs to.', readOnly: true })
  service_request_id?: string | null;

  static readonly example = { x_id: '77', notes: 'Replaced the washer.', creator_name: 'Jo Park' };
}
