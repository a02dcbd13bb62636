import type { TextSamples } from "@espalier/contracts";

export interface SampledTexts {
  /** Absent: nobody asked. */
  readonly samples: TextSamples | undefined;
  /** Name and sparsity of the model that the card is of. */
  readonly model: { readonly name: string; readonly sparsity: number };
}

/** The card's section on what the dense model and this one write; nothing where no text was written. */
export function sampleLines({ samples, model }: SampledTexts): readonly string[] {
  const texts = (samples?.samples ?? []).flatMap(({ prompt, continuations }) => {
    const dense = continuations.find((one) => one.sparsity === 0);
    const pruned = continuations.find((one) => one.sparsity === model.sparsity && one.model === model.name);
    if (dense === undefined || pruned === undefined) return [];
    return [
      "```text",
      `prompt:     ${oneLine(prompt)}`,
      `dense:      ${oneLine(dense.text)}`,
      `this model: ${oneLine(pruned.text)}`,
      "```",
      "",
    ];
  });
  if (texts.length === 0) return [];
  return [
    "## Text samples",
    "",
    "Beginnings of the report text, and what each model takes for the likeliest continuation. For the eye, no measure.",
    "",
    ...texts,
  ];
}

/** Inside a fence a line that begins with a word cannot end it. */
const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();
