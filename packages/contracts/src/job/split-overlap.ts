import { z } from "zod";

/** How much of one text of a job also stands in another one, by n-grams of token ids. */
export const splitOverlap = z
  .strictObject({
    split: z.enum(["scoring", "report"]).describe("Text whose windows are looked at"),
    other: z.enum(["calibration", "scoring", "report"]).describe("Text that they are looked for in"),
    n: z.number().int().describe("Tokens of an n-gram: 13, or the shortest window's length if that is less"),
    share: z.number().describe("Share of the windows' n-grams that occur in the other text, 0 to 1"),
    windows_touched: z.number().int().describe("Windows with at least one such n-gram"),
    windows_repeated: z.number().int().describe("Windows with at least half of their n-grams such"),
    windows: z.number().int().describe("All windows"),
    warning: z.string().nullable().describe("Set when more than 10 % of the report windows are repeated"),
  })
  .describe("Overlap of two texts of a job, measured at submit");
export type SplitOverlap = z.infer<typeof splitOverlap>;
