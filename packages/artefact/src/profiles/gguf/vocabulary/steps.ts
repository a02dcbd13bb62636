/** A normaliser or pre-tokenizer of `tokenizer.json`. */
export type Step = Readonly<Record<string, unknown>>;

/** The steps of one, `Sequence` resolved; none for null. */
export function stepsOf(value: unknown): readonly Step[] {
  if (typeof value !== "object" || value === null) return [];
  const step = value as Step;
  const inner = step["normalizers"] ?? step["pretokenizers"];
  return step["type"] === "Sequence" && Array.isArray(inner) ? inner.flatMap(stepsOf) : [step];
}

/** The text or regular expression that a step looks for. */
export function patternOf(step: Step): string | undefined {
  const pattern = step["pattern"] as { readonly String?: string; readonly Regex?: string } | undefined;
  return pattern?.String ?? pattern?.Regex;
}
