import { z } from "zod";

const seconds = z
  .strictObject({ low: z.number().min(0), high: z.number().min(0) })
  .describe("Seconds, from the shortest to the longest that is likely");

const operations = z
  .strictObject({
    forward: z.number().min(0).describe("Of forward passes"),
    gradients: z.number().min(0).describe("Of forward and backward passes and the sums that they feed"),
    algebra: z.number().min(0).describe("Of dense linear algebra in float64"),
  })
  .describe("Multiplications and additions, counted from the model's shape");

const step = z.strictObject({
  operations,
  seconds: seconds.nullable().describe("Null where nothing is measured"),
});

/** Answer to `POST /v1/jobs/estimate`. */
export const jobEstimate = z
  .strictObject({
    duration_seconds: seconds
      .nullable()
      .describe(
        "From the moment that a worker takes the job; null where nothing is measured. Time in the queue is not counted",
      ),
    reason: z.string().nullable().describe("Why there is no duration"),
    profile: step.describe("Statistics of the calibration text; from 0 where another job has left them"),
    baselines: step.describe("Dense model and single metrics"),
    trial: step.describe("One trial of the sampler"),
    refinement: step.describe("One trial that refines the best plan"),
    search_seconds: seconds.nullable().describe("All trials, `parallelism` of them side by side at best"),
    export: step,
    trials: z.strictObject({
      budget: z.number().int().describe("All of them"),
      sampled: z.number().int(),
      refined: z.number().int(),
      parallelism: z.number().int(),
    }),
    memory: z.strictObject({
      need_bytes: z
        .number()
        .min(0)
        .describe(
          "What the search holds: weights, one window's activations and the statistics of one cluster; or what the profile holds, block by block where that is less, if that is more",
        ),
      have_bytes: z
        .number()
        .nullable()
        .describe("What a compute process of a worker may hold; null while no worker was seen"),
    }),
    based_on: z
      .array(
        z.strictObject({
          machine: z.string(),
          provider: z.string(),
          threads: z.number().int(),
          concurrency: z.number().int().describe("Pieces of work at once in one worker"),
          versions: z.string(),
          rates: z.number().int().describe("Measured speeds of single operations"),
          finished_jobs: z.number().int().describe("Jobs whose durations are known"),
          nearest_scale: z
            .number()
            .nullable()
            .describe("Size of the most similar model among them, as a multiple of this one; null without any"),
          duration_seconds: seconds.nullable(),
        }),
      )
      .describe("Kinds of workers that were seen lately; the estimate spans them"),
  })
  .meta({ id: "JobEstimate" });
export type JobEstimate = z.infer<typeof jobEstimate>;
