import { z } from "zod";

/** One number of a zero-shot task. */
export const taskMetric = z.strictObject({
  name: z.enum(["acc", "acc_norm", "perplexity"]),
  value: z.number().nullable().describe("Null where a log-likelihood is not finite"),
  stderr: z.number().nullable().describe("Standard error of the mean over items; null for a single item"),
});
export type TaskMetric = z.infer<typeof taskMetric>;

/** What a model scored in one zero-shot task. */
export const taskResult = z.strictObject({
  task: z.string(),
  file: z.string().describe("Name of the task file"),
  items: z.number().int().positive().describe("Questions that were asked"),
  protocol: z.string().describe("Version of the prompts and the scoring"),
  metrics: z.array(taskMetric).min(1).describe("The one that is quoted first"),
});
export type TaskResult = z.infer<typeof taskResult>;
