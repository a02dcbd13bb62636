import { z } from "zod";
import { boundedRecord } from "../bounded-record.js";
import { jobId } from "../ids.js";

/** No parameter of a search comes near. */
const LARGEST = 1e12;
const bounded = z.number().min(-LARGEST).max(LARGEST);

/** Presets have some tens of parameters. */
const MAX_PARAMETERS = 512;

const scalar = z.union([bounded, z.string().max(64), z.boolean(), z.null()]);

/** Other parameters' values under which a parameter is searched; where they differ it has its neutral value. */
const condition = boundedRecord(z.string().max(64), z.array(scalar).min(1).max(64), 64)
  .refine((when) => Object.keys(when).length > 0, "names no parameter")
  .describe("Searched only where each of these choice parameters has one of the values; conditions do not nest");

/** Fix a parameter to a value, change its range, choose among its values, or make it conditional. */
export const parameterOverride = z.union([
  scalar,
  z.strictObject({
    low: bounded,
    high: bounded,
    log: z.boolean().optional(),
    step: z.number().positive().max(LARGEST).optional(),
    when: condition.optional(),
  }),
  z.strictObject({ choices: z.array(scalar).min(1).max(64), when: condition.optional() }),
  z.strictObject({ when: condition }),
]);
export type ParameterOverride = z.infer<typeof parameterOverride>;

export const searchOptions = z
  .strictObject({
    preset: z.enum(["espalier", "adapruner"]).default("espalier").describe("Search space and its defaults"),
    trials: z.number().int().min(1).max(1_000_000).default(60).describe("Trial budget"),
    parallelism: z.number().int().min(1).max(256).default(1).describe("Trials running at once"),
    seed: z.number().int().min(0).max(4_294_967_295).default(0),
    sampler: z.enum(["tpe", "random"]).default("tpe"),
    refinement: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe("Share of the trials, at the end, that refine the best plan (default: 0.5; preset adapruner: 0)"),
    racing: z
      .boolean()
      .optional()
      .describe(
        "Stop trials that clearly lose to the best one (default: true with one sparsity, false with several; preset adapruner: false)",
      ),
    warm_start: jobId
      .optional()
      .describe(
        "Finished job, also of another model, whose best points are tried first, before them its best refined plan, from which refinement then goes on at once; its results are told to the sampler where model, texts and target are the same",
      ),
    metrics: z
      .array(z.string().min(1).max(64))
      .min(1)
      .max(32)
      .optional()
      .describe("Importance metrics to mix (default: those of the preset)"),
    space: boundedRecord(z.string().max(64), parameterOverride, MAX_PARAMETERS)
      .default({})
      .describe("Parameters to change, by name"),
  })
  .describe("How to search");
export type SearchOptions = z.infer<typeof searchOptions>;
