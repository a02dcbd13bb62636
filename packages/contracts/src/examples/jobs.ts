import type { z } from "zod";
import type { ComparisonView } from "../job/comparison-view.js";
import type { CreateJobInput } from "../job/create-job-body.js";
import type { JobEstimate } from "../job/estimate-view.js";
import type { jobView } from "../job/job-view.js";
import { ENDED, JOB, STARTED, SUBMITTED } from "./ids.js";
import { baseline, best, dense } from "./models.js";
import { json, type OperationExample } from "./operation-example.js";

/** A job that a service with the shipped examples accepts. */
export const exampleJob: CreateJobInput = {
  name: "stories at 20 %",
  model: { path: "stories260K" },
  calibration: { corpus: "tinystories-train.txt", samples: 256, sequence_length: 128 },
  scoring: { corpus: "tinystories-valid.txt", windows: 160, sequence_length: 128 },
  report: { corpus: "tinystories-valid.txt", windows: 96, sequence_length: 128, skip_windows: 160 },
  target: { sparsity: 0.2 },
  search: { trials: 60 },
  labels: { team: "search" },
};

type Job = z.input<typeof jobView>;

const queued: Job = {
  id: JOB,
  name: "stories at 20 %",
  state: "queued",
  created_at: SUBMITTED,
  started_at: null,
  finished_at: null,
  updated_at: SUBMITTED,
  api_key_id: null,
  labels: { team: "search" },
  spec: { model: { path: "stories260K" }, target: { sparsity: [0.2], layout: "free", round_to: 1 } },
  progress: { stage: "queued", done: 0, of: 256, unit: "samples", fraction: 0, eta_seconds: null },
  trials: { budget: 60, completed: 0, pruned: 0, failed: 0, infeasible: 0, running: 0, tokens_saved: 0 },
  dense: null,
  best: [],
  best_baseline: [],
  timing: { profile_seconds: null, mean_trial_seconds: null, total_seconds: null },
  event_sequence: 57,
  half_batch: false,
  pause: null,
  error: null,
};

const searching: Job = {
  ...queued,
  state: "searching",
  started_at: STARTED,
  progress: { stage: "searching", done: 41, of: 60, unit: "trials", fraction: 0.7, eta_seconds: 18.5 },
  trials: { budget: 60, completed: 30, pruned: 11, failed: 0, infeasible: 0, running: 1, tokens_saved: 0.21 },
  dense: { ...dense, report_perplexity: null },
  best: [{ ...best, report_perplexity: null }],
  best_baseline: [{ ...baseline, report_perplexity: null }],
  timing: { profile_seconds: 4.2, mean_trial_seconds: 0.9, total_seconds: null },
};

const succeeded: Job = {
  ...searching,
  state: "succeeded",
  finished_at: ENDED,
  updated_at: ENDED,
  progress: { stage: "done", done: 60, of: 60, unit: "trials", fraction: 1, eta_seconds: 0 },
  trials: { budget: 60, completed: 44, pruned: 16, failed: 0, infeasible: 0, running: 0, tokens_saved: 0.22 },
  dense,
  best: [best],
  best_baseline: [baseline],
  timing: { profile_seconds: 4.2, mean_trial_seconds: 0.9, total_seconds: 71 },
};

const paused: Job = { ...searching, state: "paused", pause: { from: "searching", since: ENDED, reason: null } };
const cancelled: Job = { ...searching, state: "cancelled", finished_at: ENDED };
const exporting: Job = { ...searching, state: "exporting" };

const comparison: ComparisonView = {
  state: "succeeded",
  dense,
  baselines: [baseline],
  best: [best],
  improvement: [{ sparsity: 0.2, baseline: "taylor_second", relative: 0.088, interval: [0.071, 0.104] }],
  differences: [{ sparsity: 0.2, model: "taylor_second", relative: 0.088, interval: [0.071, 0.104] }],
  text_samples: {
    samples: [
      {
        prompt: "One day, a little girl named Lily",
        continuations: [
          { model: "dense", sparsity: 0, text: " went to the park with her mom.", tokens: 8, ended: false },
          { model: best.name, sparsity: 0.2, text: " went to the park with her friend.", tokens: 8, ended: false },
        ],
      },
    ],
    reason: null,
  },
  contamination: [],
};

const step = (forward: number, low: number, high: number) => ({
  operations: { forward, gradients: 0, algebra: 0 },
  seconds: { low, high },
});

const estimate: JobEstimate = {
  duration_seconds: { low: 52, high: 95 },
  reason: null,
  profile: step(8.5e9, 3, 6),
  baselines: step(4.2e10, 5, 9),
  trial: step(1.1e10, 0.7, 1.2),
  refinement: step(1.3e10, 0.7, 1.3),
  search_seconds: { low: 42, high: 75 },
  export: step(6e9, 2, 5),
  trials: { budget: 60, sampled: 30, refined: 30, parallelism: 1 },
  memory: { need_bytes: 180_000_000, have_bytes: 4_000_000_000 },
  based_on: [],
};

/** Examples of operations on jobs. */
export const jobExamples: Readonly<Record<string, OperationExample>> = {
  createJob: { request: exampleJob, answers: { 202: json({ job: queued }) } },
  estimateJob: { request: exampleJob, answers: { 200: json(estimate) } },
  listJobs: { answers: { 200: json({ data: [succeeded], has_more: false, next_cursor: null }) } },
  getJob: { answers: { 200: json({ job: succeeded }) } },
  deleteJob: { answers: {} },
  cancelJob: { answers: { 200: json({ job: cancelled }) } },
  pauseJob: { answers: { 200: json({ job: paused }) } },
  resumeJob: { answers: { 200: json({ job: searching }) } },
  finishJob: { answers: { 200: json({ job: exporting }) } },
  getComparison: { answers: { 200: json(comparison) } },
};
