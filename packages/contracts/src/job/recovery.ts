import { z } from "zod";
import { taskResult } from "./task-result.js";

const windows = (fallback: number) => z.number().int().min(1).max(1_000_000).default(fallback);

export const rankAllocations = ["uniform", "by_sparsity"] as const;
export type RankAllocation = (typeof rankAllocations)[number];

/** Sequential least squares, block by block. */
export const leastSquaresRecovery = z.strictObject({
  method: z.literal("least_squares"),
  training_windows: windows(512).describe("Windows of the calibration text to fit on, at most"),
  lambda: z
    .number()
    .positive()
    .max(1e3)
    .default(1e-3)
    .describe("Ridge towards the weights as they are, as a share of the mean energy of the inputs"),
});
export type LeastSquaresRecovery = z.infer<typeof leastSquaresRecovery>;

/** Low-rank adapters, trained and merged. */
export const loraRecovery = z.strictObject({
  method: z.literal("lora"),
  rank: z.number().int().min(1).max(1024).default(8).describe("Rank of every adapter"),
  alpha: z.number().positive().max(1e4).default(16).describe("An adapter's product is scaled by alpha ÷ rank"),
  learning_rate: z.number().positive().max(1e9).default(3e-3).describe("AdamW's rate after the warm-up"),
  weight_decay: z.number().min(0).max(10).default(0).describe("AdamW's decoupled weight decay"),
  clip_norm: z.number().positive().max(1e9).default(1).describe("Longest gradient: longer ones are scaled to it"),
  max_steps: z.number().int().min(1).max(10_000_000).default(300).describe("Steps of training, at most"),
  warmup_steps: z
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .default(20)
    .describe("The rate grows over so many steps, then falls along a cosine to zero at max_steps"),
  batch_windows: z.number().int().min(1).max(4096).default(16).describe("Windows of one step"),
  training_windows: windows(4096).describe("Windows of the calibration text to train on, at most"),
  evaluate_every: z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(50)
    .describe("Steps between two measurements on the scoring text; the best one is kept"),
  patience: z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(4)
    .describe("Measurements in a row without a new best one after which training stops"),
  max_seconds: z
    .number()
    .positive()
    .max(100_000_000)
    .nullable()
    .default(null)
    .describe("Stop training after this time; what is found then depends on the machine"),
  rank_allocation: z
    .enum(rankAllocations)
    .default("uniform")
    .describe("`by_sparsity`: layers that lost more get more rank, equally many numbers in all"),
});
export type LoraRecovery = z.infer<typeof loraRecovery>;

/** What is done to the winners after slicing, before export. */
export const recovery = z
  .discriminatedUnion("method", [z.strictObject({ method: z.literal("none") }), leastSquaresRecovery, loraRecovery])
  .describe(
    "Repair of the winners after slicing, before export. `least_squares`: output projections refitted one after the other, inputs from the pruned model, targets from the dense one; `lora`: low-rank adapters trained on the calibration text and merged",
  );
export type Recovery = z.infer<typeof recovery>;

/** What a recovery did to one winner, measured on the report text. */
export const recoveryOutcome = z.strictObject({
  method: z.enum(["least_squares", "lora"]),
  scoring_perplexity: z.number().positive().nullable(),
  report_perplexity: z.number().positive().nullable(),
  relative: z.number().describe("1 − report perplexity after ÷ before"),
  interval: z
    .strictObject({ low: z.number(), high: z.number() })
    .describe("Of `relative`: 95 % paired bootstrap interval over report windows"),
  training: z
    .strictObject({
      steps: z.number().int(),
      best_step: z.number().int().describe("Step whose state was kept; 0: none was better than the pruned model"),
      halvings: z.number().int().describe("How often the rate was halved because training diverged"),
      end: z.enum(["steps", "patience", "time"]).describe("Why it ended"),
      parameters: z.number().int().describe("Numbers that were trained, before they were merged"),
    })
    .nullable()
    .describe("Null for a closed form"),
  tasks: z.array(taskResult).optional().describe("Zero-shot tasks of the recovered model, where the job asked for any"),
});
export type RecoveryOutcome = z.infer<typeof recoveryOutcome>;
