import { z } from "zod";

export const eventQuery = z.strictObject({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .default(0)
    .describe("Only events with a larger sequence number"),
  trial: z.coerce.number().int().min(0).max(2_147_483_647).optional().describe("Only what was told of this trial"),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type EventQuery = z.infer<typeof eventQuery>;
