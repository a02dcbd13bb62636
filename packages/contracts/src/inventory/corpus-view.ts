import { z } from "zod";

/** One text file under the configured roots. */
export const corpusView = z
  .strictObject({
    name: z.string().describe("What a job names as `corpus`"),
    format: z.enum(["text", "jsonl"]),
    size_bytes: z.number().int().min(0),
  })
  .meta({ id: "Corpus" });
export type CorpusView = z.infer<typeof corpusView>;

export const corpusList = z.strictObject({ data: z.array(corpusView) });
