import { z } from "zod";

/** Zero-shot tasks that are known; how each is asked is in `docs/evaluation.md`. */
export const evaluationTaskNames = [
  "boolq",
  "piqa",
  "winogrande",
  "arc_easy",
  "arc_challenge",
  "hellaswag",
  "openbookqa",
  "lambada",
  "copa",
] as const;
export type EvaluationTaskName = (typeof evaluationTaskNames)[number];

/** Most items of one file. */
const MAX_ITEMS = 1_000_000;

const file = z.string().min(1).max(1024).describe("JSON Lines file under a configured corpus root");
const limit = z.number().int().min(1).max(MAX_ITEMS);

const evaluationTask = z.union([
  file,
  z.strictObject({
    file,
    task: z.enum(evaluationTaskNames).optional().describe("Default: as the file's name tells"),
    limit: limit.optional().describe("Items to ask, from the first one on (default: `limit` of the evaluation)"),
  }),
]);

/** What is measured of the dense model and the winners beside perplexity, once the search is over. */
export const evaluation = z
  .strictObject({
    tasks: z.array(evaluationTask).max(32).default([]).describe("Zero-shot tasks: a file, or a file with its task"),
    limit: limit.optional().describe("Items of each file, from the first one on (default: all)"),
    add_bos: z
      .boolean()
      .optional()
      .describe("BOS before every prompt (default: none, as in the LM evaluation harness)"),
  })
  .describe("Zero-shot tasks for the dense model and the winners, asked as the LM evaluation harness does");
export type Evaluation = z.infer<typeof evaluation>;

/** A task as settled at submit. */
export interface ResolvedTask {
  readonly task: EvaluationTaskName;
  /** Name below a corpus root. */
  readonly file: string;
  /** Items that are read; null: all. */
  readonly limit: number | null;
  readonly items: number;
  /** Continuations to score, and characters of all of them with their contexts: what the task costs. */
  readonly choices: number;
  readonly characters: number;
}
