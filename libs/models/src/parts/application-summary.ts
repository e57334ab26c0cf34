import { Json, OneOf, Reference, Text } from '../vocabulary/decorators.ts';

export const APPLICATION_STATUSES = ['APPROVED', 'DENIED', 'CANCELED', 'PENDING', 'OTHER'] as const;
export type ApplicationStatus = (typeof APPLICATION_STATUSES)[number];

/** An application as its applicant shows it. */
export class ApplicationSummary {
  @Reference('applicants', { description: 'The applicant.', readOnly: true })
  applicant_id?: string | null;

  @Reference('applications', { description: 'The application.', readOnly: true })
  application_id?: string | null;

  @Text({ description: 'The id that the PMS gives to the application.', example: '208', readOnly: true })
  x_application_id?: string | null;

  @Text({
    description: 'How it stands, in the words of the PMS.',
    example: 'Approved',
    deprecated: 'Use status_raw or status_normalized.',
    readOnly: true,
  })
  status?: string | null;

  @Text({ description: 'How the application stands, in the words of the PMS.', example: 'Approved', readOnly: true })
  status_raw?: string | null;

  @OneOf(APPLICATION_STATUSES, { description: 'How the application stands.', example: 'APPROVED', readOnly: true })
  status_normalized?: ApplicationStatus | null;

  @Json({ description: 'Values about the application that only this PMS has.', example: { Source: 'Web' }, readOnly: true })
  custom_data?: Record<string, unknown> | null;

  static readonly example = { x_application_id: '208', status_raw: 'Approved', status_normalized: 'APPROVED' } as const;
}
