import { z } from "zod";

/** One model folder under the configured roots, or downloaded from the hub. A folder that cannot be used is listed with the reason. */
export const modelView = z
  .strictObject({
    name: z.string().describe("What a job names as `model.path`, or as `model.hub`"),
    revision: z
      .string()
      .nullable()
      .describe("Commit of a model that was downloaded from the hub: its `model.revision`; null below the roots"),
    family: z.string().nullable(),
    parameters: z.number().int().nullable().describe("All parameters of the model"),
    size_bytes: z.number().int().min(0).nullable(),
    units: z
      .number()
      .int()
      .nullable()
      .describe("Prunable units: KV groups and MLP channels, or experts, of all layers"),
    error: z.strictObject({ code: z.string(), detail: z.string() }).nullable().describe("Why it cannot be used"),
  })
  .meta({ id: "Model" });
export type ModelView = z.infer<typeof modelView>;

export const modelList = z.strictObject({ data: z.array(modelView) });
