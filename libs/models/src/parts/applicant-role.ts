/** The parts that a person can play in an application. */
export const APPLICANT_ROLES = ['APPLICANT', 'CO_APPLICANT', 'OCCUPANT'] as const;
export type ApplicantRole = (typeof APPLICANT_ROLES)[number];
