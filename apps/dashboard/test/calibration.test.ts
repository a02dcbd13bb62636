import { describe, expect, it } from "vitest";
import { type Calibration, favoured, mapTable } from "../src/pages/job/calibration/calibration-chart.js";

const cluster = (share: number, mean: number | null) => ({
  samples: 10,
  mean_nll: 1,
  x: 0,
  y: 0,
  texts: [],
  share,
  weight: mean === null ? null : { mean, min: mean, max: mean },
});

const calibration = (...clusters: Calibration["clusters"]): Calibration => ({
  missing: null,
  explained: [0.5, 0.2],
  points: [{ sample: 3, cluster: 0, nll: 1.5, x: 1, y: 2 }],
  searched: true,
  best_trials: 20,
  clusters,
});

describe("the cluster that the best trials lean on", () => {
  it("is the one that counts most for its share, if that is notable", () => {
    expect(favoured(calibration(cluster(0.8, 0.6), cluster(0.2, 0.4)))).toEqual({ cluster: 1, times: 2 });
    expect(favoured(calibration(cluster(0.5, 0.53), cluster(0.5, 0.47)))).toBeUndefined();
  });

  it("is none before the first trial", () => {
    expect(favoured(calibration(cluster(0.8, null), cluster(0.2, null)))).toBeUndefined();
  });
});

describe("the map as a table", () => {
  it("has a row for each sample", () => {
    expect(mapTable(calibration(cluster(1, null))).rows).toEqual([[3, 0, 1, 2, 1.5]]);
  });
});
