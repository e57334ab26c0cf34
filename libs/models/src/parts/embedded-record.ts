import { Instant, Text } from '../vocabulary/decorators.ts';

/** What the parts of a record have in common that are records of their own in the PMS. None of it can be set. */
export abstract class EmbeddedRecord {
  @Text({ description: 'The id that Latchkey gives to this part, if it keeps one.', example: 'p4d8s1f6g0h3j7l2', readOnly: true })
  id?: string | null;

  @Instant({ description: 'When Latchkey first saw this part.', example: '2026-03-01T09:30:00Z', readOnly: true })
  created_at?: string | null;

  @Instant({ description: 'When Latchkey last saw this part changed.', example: '2026-04-01T09:30:00Z', readOnly: true })
  updated_at?: string | null;

  @Instant({ description: 'When the PMS last returned this part.', example: '2026-05-01T09:30:00Z', readOnly: true })
  last_seen?: string | null;

  @Text({ description: 'The id that the PMS gives to this part.', example: '77', readOnly: true })
  x_id?: string | null;
}
