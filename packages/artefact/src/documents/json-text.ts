/** An array whose items are numbers, as `JSON.stringify` spreads it over lines. Strings hold no raw newline, so none matches. */
const SPREAD_NUMBERS = /\[\n[\s\d.,eE+-]*\]/g;

/**
 * JSON as files carry it: two spaces, arrays of numbers on one line, a newline at the end. Keys keep their order, so
 * equal inputs give equal bytes.
 */
export function jsonText(value: unknown): string {
  const spread = JSON.stringify(value, null, 2);
  return `${spread.replace(SPREAD_NUMBERS, (numbers) => numbers.replace(/\s+/g, " ").replace("[ ", "[").replace(" ]", "]"))}\n`;
}
