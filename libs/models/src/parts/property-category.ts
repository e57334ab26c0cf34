/** Whether a property or unit is for living or for business. */
export const PROPERTY_CATEGORIES = ['Residential', 'Commercial'] as const;
export type PropertyCategory = (typeof PROPERTY_CATEGORIES)[number];
