import { describe, expect, it } from "vitest";
import { createJobBody } from "../src/index.js";

const least = {
  model: { path: "stories260K" },
  calibration: { corpus: "train.txt" },
  target: { sparsity: 0.2 },
};

const accepts = (changes: object): boolean => createJobBody.safeParse({ ...least, ...changes }).success;

/** The example of the API's design, word for word. */
const documented = {
  name: "stories at 20 %",
  model: { path: "stories260K" },
  calibration: { corpus: "tinystories-train.txt", samples: 256, sequence_length: 128 },
  scoring: { corpus: "tinystories-valid.txt", windows: 160, sequence_length: 128 },
  report: { corpus: "tinystories-valid.txt", windows: 96, sequence_length: 128, skip_windows: 160 },
  target: { sparsity: [0.2, 0.5], layout: "free", round_to: 1 },
  search: { preset: "espalier", trials: 60, parallelism: 1, seed: 0, sampler: "tpe", racing: true, space: {} },
  baselines: true,
  compensation: "search",
  recovery: { method: "none" },
  evaluation: { tasks: [] },
  export: { profiles: ["native"] },
  budget: { max_duration_seconds: null, max_compute_seconds: null },
  webhooks: [{ url: "https://example.test/hook", events: ["job.succeeded", "job.failed"] }],
  labels: { team: "search" },
};

describe("the body of a job", () => {
  it("needs a model, a calibration text and a target; the rest has defaults", () => {
    expect(createJobBody.parse(least)).toMatchObject({
      calibration: { sequence_length: 128, skip_windows: 0 },
      target: { layout: "free", round_to: 1 },
      search: { preset: "espalier", trials: 60, parallelism: 1, seed: 0, sampler: "tpe" },
      compensation: "search",
      export: { profiles: ["native"] },
    });
    for (const key of Object.keys(least)) expect(accepts({ [key]: undefined })).toBe(false);
  });

  it("has the documented names", () => {
    expect(createJobBody.parse(documented)).toMatchObject(documented);
  });

  it("refuses sparsities that leave nothing or take nothing", () => {
    for (const sparsity of [0, 1, -0.1, 0.96, Number.NaN, "0.2", [], [0.2, 0]]) {
      expect(accepts({ target: { sparsity } })).toBe(false);
    }
    expect(accepts({ target: { sparsity: [0.1, 0.95] } })).toBe(true);
  });

  it("refuses unknown keys at every level", () => {
    for (const key of ["model", "calibration", "target"] as const) {
      expect(accepts({ [key]: { ...least[key], wat: 1 } })).toBe(false);
    }
    for (const key of ["search", "export", "budget", "recovery", "evaluation", "report", "wat"]) {
      expect(accepts({ [key]: { wat: 1 } })).toBe(false);
    }
  });

  it("bounds every text and list", () => {
    expect(accepts({ name: "x".repeat(201) })).toBe(false);
    expect(accepts({ labels: { ["x".repeat(65)]: "y" } })).toBe(false);
    expect(accepts({ search: { trials: 1_000_001 } })).toBe(false);
    expect(accepts({ webhooks: Array.from({ length: 9 }, () => ({ url: "https://example.com" })) })).toBe(false);
  });
});
