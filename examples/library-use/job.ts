import { createJobBody, type JobSpec } from "@espalier/contracts";

const stretch = (skip_windows: number, windows: number) => ({
  corpus: "tinystories-train.txt",
  windows,
  sequence_length: 128,
  skip_windows,
});

const { webhooks: _, ...body } = createJobBody.parse({
  model: { path: "stories260K" },
  calibration: { corpus: "tinystories-train.txt" },
  target: { sparsity: 0.2 },
});

/** What the service stores for such a job: every split settled to exact windows, which do not overlap. */
export const spec: JobSpec = {
  ...body,
  search: { ...body.search, refinement: 0.5, racing: false },
  calibration: stretch(0, 64),
  scoring: [{ ...stretch(64, 48), weight: 1 }],
  report: stretch(112, 32),
  target: { ...body.target, sparsity: [0.2] },
};
