import { z } from "zod";
import { trialResult } from "./trial-view.js";

export const layersQuery = z.strictObject({
  trial: z.coerce
    .number()
    .int()
    .min(0)
    .max(2_147_483_647)
    .optional()
    .describe("Number of the trial (default: the completed trial with the best score)"),
});
export type LayersQuery = z.infer<typeof layersQuery>;

const keptUnits = z.strictObject({
  kept: z.number().int().min(0),
  dense: z
    .number()
    .int()
    .min(0)
    .nullable()
    .describe("In the dense model; null for jobs submitted before it was stored"),
  share: z.number().min(0).max(1).nullable().describe("kept ÷ dense; null where the dense model has none"),
});
export type KeptUnits = z.infer<typeof keptUnits>;

/** Answer to `GET /v1/jobs/{id}/layers`. */
export const layersView = z.strictObject({
  trial: z.number().int().min(0),
  sparsities: z
    .array(
      trialResult.omit({ kv_groups: true, channels: true }).extend({
        layers: z.array(z.strictObject({ kv_groups: keptUnits, channels: keptUnits })).describe("From first to last"),
      }),
    )
    .describe("One for each sparsity that the trial has results for"),
});
export type LayersView = z.infer<typeof layersView>;
