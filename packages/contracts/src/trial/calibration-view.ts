import { z } from "zod";
import type { ParameterValue } from "./trial-view.js";

const mapPlace = {
  x: z.number().describe("Along the first principal axis"),
  y: z.number().describe("Along the second"),
};

const clusterOnMap = z.strictObject({
  samples: z.number().int().min(1),
  mean_nll: z.number().describe("Mean loss of the dense model, nats per token: cluster 0 holds the easiest text"),
  ...mapPlace,
  texts: z
    .array(z.strictObject({ sample: z.number().int().min(0), text: z.string() }))
    .describe("How the samples nearest to its centre begin"),
});

/** Calibration samples on two axes, made once by the profile. */
export const calibrationMap = z.strictObject({
  explained: z
    .tuple([z.number().min(0).max(1), z.number().min(0).max(1)])
    .describe("Share of the variance of the mean hidden states that each axis shows"),
  points: z
    .array(
      z.strictObject({
        sample: z.number().int().min(0),
        cluster: z.number().int().min(0),
        nll: z.number().describe("Nats per token"),
        ...mapPlace,
      }),
    )
    .describe("All samples, or at most 2,000 at even distances"),
  clusters: z.array(clusterOnMap),
});
export type CalibrationMap = z.infer<typeof calibrationMap>;

/** What a profile leaves of its calibration samples: the picture, and what trials weigh them by. */
export interface CalibrationRecord {
  readonly map: CalibrationMap;
  /** Cluster of each sample, by rising loss: a place in this order is what `sample.N` names. */
  readonly clustersByLoss: readonly number[];
  /** Values of `cluster.…` and `sample.…` in trials that do not name them. */
  readonly neutral: Readonly<Record<string, ParameterValue>>;
}

const share = z.number().min(0).max(1);

/** Answer to `GET /v1/jobs/{id}/calibration`. */
export const calibrationView = z.strictObject({
  missing: z
    .enum(["not_profiled", "older_job"])
    .nullable()
    .describe("Why there is no map: the profile is not done, or was done before maps were made"),
  explained: calibrationMap.shape.explained.nullable(),
  points: calibrationMap.shape.points,
  searched: z.boolean().describe("Whether the search chooses how much samples count; else all count the same"),
  best_trials: z.number().int().min(0).describe("Best completed trials that `weight` is read from, at most 20"),
  clusters: z
    .array(
      clusterOnMap.extend({
        share: share.describe("Of all samples"),
        weight: z
          .strictObject({ mean: share, min: share, max: share })
          .nullable()
          .describe("What the cluster counts in the best trials, of all that counts; null before the first trial"),
      }),
    )
    .describe("By rising mean loss"),
});
export type CalibrationView = z.infer<typeof calibrationView>;
