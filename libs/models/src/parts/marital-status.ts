/** Marital statuses in the unified API; most PMSs take some of them only. */
export const MARITAL_STATUSES = [
  'SINGLE',
  'MARRIED',
  'ENGAGED',
  'SEPARATED',
  'DIVORCED',
  'WIDOWED',
  'UNMARRIED_PARTNERS',
] as const;
export type MaritalStatus = (typeof MARITAL_STATUSES)[number];
