import { z } from "zod";

/** One model folder under the configured roots. A folder that cannot be used is listed with the reason. */
export const modelView = z
  .strictObject({
    name: z.string().describe("What a job names as `model.path`"),
    family: z.string().nullable(),
    parameters: z.number().int().nullable(),
    size_bytes: z.number().int().min(0).nullable(),
    units: z
      .strictObject({
        kv_groups: z.number().int().describe("Groups of attention heads that share keys and values, all layers"),
        channels: z.number().int().describe("MLP channels, all layers"),
      })
      .nullable()
      .describe("What a search can remove"),
    error: z.string().nullable().describe("Why the folder cannot be used"),
  })
  .meta({ id: "Model" });
export type ModelView = z.infer<typeof modelView>;

export const modelList = z.strictObject({ data: z.array(modelView) });
