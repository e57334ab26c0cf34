/** Kinds of telephone numbers in the unified API. */
export const PHONE_TYPES = ['HOME', 'WORK', 'MOBILE', 'FAX', 'OTHER'] as const;
export type PhoneType = (typeof PHONE_TYPES)[number];
