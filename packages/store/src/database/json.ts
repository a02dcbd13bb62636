/** A value as the text of a `::jsonb` parameter. */
export const json = (value: unknown): string => JSON.stringify(value);
