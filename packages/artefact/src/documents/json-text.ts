/** JSON as files carry it: two spaces, a newline at the end. Keys keep their order, so equal inputs give equal bytes. */
export const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
