import { z } from "zod";

/** One text file under the configured roots. */
export const corpusView = z
  .strictObject({
    name: z.string().describe("What a job names as `corpus`"),
    format: z.enum(["txt", "jsonl"]).nullable(),
    size_bytes: z.number().int().min(0).nullable(),
    error: z.string().nullable().describe("Why the file cannot be used"),
  })
  .meta({ id: "Corpus" });
export type CorpusView = z.infer<typeof corpusView>;

export const corpusList = z.strictObject({ data: z.array(corpusView) });
