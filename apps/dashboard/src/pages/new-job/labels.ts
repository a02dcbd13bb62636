/** "team: speech, kind: nightly" as an object; undefined for nothing. A part without a colon is a label without a value. */
export function labelsOf(text: string): Readonly<Record<string, string>> | undefined {
  const pairs = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => {
      const colon = part.indexOf(":");
      return colon < 0 ? [part, ""] : [part.slice(0, colon).trim(), part.slice(colon + 1).trim()];
    });
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}

/** The text that `labelsOf` reads so. */
export const labelsText = (labels: unknown): string =>
  Object.entries(typeof labels === "object" && labels !== null ? labels : {})
    .map(([key, value]) => (value === "" ? key : `${key}: ${value}`))
    .join(", ");
