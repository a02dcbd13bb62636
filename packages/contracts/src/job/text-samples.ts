import { z } from "zod";

const continuation = z.strictObject({
  model: z.string().describe("`dense`, or the name of a found plan such as `trial 17`"),
  sparsity: z.number().min(0).max(1).describe("0 for dense"),
  text: z.string().describe("What the model wrote after the prompt"),
  tokens: z.number().int().min(0),
  ended: z.boolean().describe("The model ended the text itself"),
});

/** What models write when they go on with the same beginnings. */
export const textSamples = z
  .strictObject({
    samples: z.array(
      z.strictObject({
        prompt: z.string().describe("Beginning of a sentence of the report text"),
        continuations: z.array(continuation).describe("The dense model first, then the found plans"),
      }),
    ),
    reason: z.string().nullable().describe("Why there are none"),
  })
  .describe(
    "Greedy continuations: the likeliest token each time, of equal ones the lowest id. For the eye, no measure",
  );
export type TextSamples = z.infer<typeof textSamples>;
