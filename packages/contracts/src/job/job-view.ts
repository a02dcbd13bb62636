import { z } from "zod";
import { apiKeyId, jobId } from "../ids.js";
import { recoveryOutcome } from "./recovery.js";
import { jobState } from "./states.js";
import { taskResult } from "./task-result.js";

export const instant = z.iso.datetime().describe("RFC 3339, UTC");

/** How far a stage is. `eta_seconds` is null until two measurements are there. */
export const progress = z.strictObject({
  stage: z.enum(["queued", "downloading", "profiling", "baselines", "searching", "recovering", "exporting", "done"]),
  done: z.number().int().min(0),
  of: z.number().int().min(0),
  unit: z.enum(["megabytes", "samples", "baselines", "trials", "steps"]),
  fraction: z.number().min(0).max(1).describe("Share of the whole job that is done, estimated"),
  eta_seconds: z.number().min(0).nullable().describe("Estimated time left of the whole job"),
});
export type Progress = z.infer<typeof progress>;

/** Quality of one model: the dense one, a baseline, or a found plan. An infinite perplexity is null. */
export const evaluatedModel = z.strictObject({
  name: z.string().describe("`dense`, a baseline's name such as `taylor_second`, or `trial 17`"),
  sparsity: z.number().min(0).max(1).describe("Asked share of the prunable parameters removed; 0 for dense"),
  achieved_sparsity: z.number().min(0).max(1),
  parameters: z.number().int().describe("All parameters of the model"),
  scoring_perplexity: z.number().positive().nullable(),
  report_perplexity: z.number().positive().nullable().describe("Null until the job has finished"),
  compensation: z.enum(["none", "bias", "least_squares"]),
  allocation: z.string().nullable().describe("How widths were given to layers: `global`, `uniform`, `searched`"),
  trial_number: z.number().int().min(0).nullable(),
  recovery: recoveryOutcome
    .optional()
    .describe(
      "What the job's recovery made of this model, whose own figures are those before it; absent: none was asked for",
    ),
  tasks: z.array(taskResult).optional().describe("Zero-shot tasks that the job asked for, once it has finished"),
});
export type EvaluatedModel = z.infer<typeof evaluatedModel>;

export const jobError = z.strictObject({ code: z.string(), detail: z.string(), stage: z.string() });

/** Why and since when a job is paused. */
export const jobPause = z.strictObject({
  from: z.enum(["profiling", "searching", "exporting"]).describe("Where it goes on"),
  since: instant,
  reason: z
    .strictObject({ code: z.string(), detail: z.string() })
    .nullable()
    .describe("What stopped it, such as `STORAGE_FULL`; null when a client asked for the pause"),
});

export const jobView = z
  .strictObject({
    id: jobId,
    name: z.string().nullable(),
    state: jobState,
    created_at: instant,
    started_at: instant.nullable(),
    finished_at: instant.nullable(),
    updated_at: instant,
    api_key_id: apiKeyId
      .nullable()
      .describe("The key that submitted it; null without one, or with the key of ESPALIER_API_KEY"),
    labels: z.record(z.string(), z.string()),
    spec: z.record(z.string(), z.unknown()).describe("The job as settled at submit, defaults filled in"),
    progress,
    trials: z.strictObject({
      budget: z.number().int(),
      completed: z.number().int(),
      pruned: z.number().int(),
      failed: z.number().int(),
      infeasible: z.number().int(),
      running: z.number().int(),
      tokens_saved: z
        .number()
        .min(0)
        .max(1)
        .describe("Share of the scoring tokens that racing spared the completed and pruned trials"),
    }),
    dense: evaluatedModel.nullable(),
    best: z.array(evaluatedModel).describe("Best plan so far, one per sparsity"),
    best_baseline: z.array(evaluatedModel).describe("Best single-metric baseline, one per sparsity"),
    timing: z.strictObject({
      profile_seconds: z.number().nullable(),
      mean_trial_seconds: z.number().nullable(),
      total_seconds: z.number().nullable(),
    }),
    event_sequence: z
      .number()
      .int()
      .min(0)
      .describe("Number of its latest event: a stream that begins `after` it tells only what is new"),
    half_batch: z.boolean().describe("It ran out of memory once: since then half as many windows run at a time"),
    pause: jobPause.nullable().describe("Null unless the job is paused"),
    error: jobError.nullable(),
  })
  .meta({ id: "Job" });
export type JobView = z.infer<typeof jobView>;

/** Answer to `POST /v1/jobs`. */
export const createJobAnswer = z.strictObject({
  job: jobView,
  webhook_secrets: z
    .array(z.strictObject({ url: z.string(), secret: z.string() }))
    .optional()
    .describe("Secrets made for webhooks that named none; shown this once"),
});
