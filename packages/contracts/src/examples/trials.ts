import type { ParetoView } from "../job/pareto-view.js";
import type { CalibrationView } from "../trial/calibration-view.js";
import type { HistoryView } from "../trial/history-view.js";
import type { ImportanceView } from "../trial/importance-view.js";
import type { LayersView } from "../trial/layers-view.js";
import type { ParallelView } from "../trial/parallel-view.js";
import type { SlicesView } from "../trial/slices-view.js";
import type { TrialView } from "../trial/trial-view.js";
import { ENDED, STARTED } from "./ids.js";
import { json, type OperationExample } from "./operation-example.js";

const trial: TrialView = {
  number: 37,
  state: "completed",
  origin: "refinement",
  params: { obs_share: 0.4, compensation: "least_squares" },
  score: 1.4375,
  rival: 31,
  partial_score: null,
  scored_share: 1,
  results: [
    {
      sparsity: 0.2,
      achieved_sparsity: 0.2,
      parameters: 222_144,
      scoring_perplexity: 4.21,
      kv_groups: [4, 3, 4, 4, 3],
      channels: [150, 128, 141, 133, 120],
    },
  ],
  attempts: 1,
  half_batch: false,
  started_at: STARTED,
  finished_at: ENDED,
  duration_seconds: 0.91,
  reason: null,
};

const history: HistoryView = {
  trials: [
    {
      number: 0,
      state: "completed",
      origin: "start",
      score: 1.53,
      best_score: 1.53,
      rival: null,
      partial_score: null,
      scored_share: 1,
      perplexities: [{ sparsity: 0.2, scoring_perplexity: 4.62 }],
    },
    {
      number: 36,
      state: "pruned",
      origin: "refinement",
      score: null,
      best_score: 1.46,
      rival: 31,
      partial_score: 1.49,
      scored_share: 0.25,
      perplexities: [],
    },
    {
      number: 37,
      state: "completed",
      origin: "refinement",
      score: 1.4375,
      best_score: 1.4375,
      rival: 31,
      partial_score: null,
      scored_share: 1,
      perplexities: [{ sparsity: 0.2, scoring_perplexity: 4.21 }],
    },
  ],
  baselines: [{ name: "taylor_second", sparsity: 0.2, scoring_perplexity: 4.62 }],
  total: 60,
  thinned: true,
};

const pareto: ParetoView = {
  points: [{ trial_number: 37, sparsity: 0.2, achieved_sparsity: 0.2, parameters: 222_144, scoring_perplexity: 4.21 }],
  dense: { parameters: 260_032, scoring_perplexity: 3.71 },
  reference: { parameters: 260_032, scoring_perplexity: 371 },
  hypervolume: 0.14,
};

const importance: ImportanceView = {
  trials: 30,
  truncated: false,
  quantile: 0.1,
  top_trials: 3,
  parameters: [
    { name: "obs_share", importance: 0.7, variance: 1.4 },
    { name: "compensation", importance: 0.3, variance: 0.6 },
  ],
  reason: null,
};

const point = { value: 0.4, score: 1.4375, number: 37 };

const slices: SlicesView = {
  trials: 30,
  truncated: false,
  parameters: [
    {
      name: "obs_share",
      type: "float",
      low: 0,
      high: 1,
      step: null,
      log: false,
      choices: null,
      best: point,
      points: [{ value: 0.1, score: 1.53, number: 0 }, point],
    },
  ],
};

const calibration: CalibrationView = {
  missing: null,
  explained: [0.41, 0.17],
  points: [{ sample: 0, cluster: 0, nll: 1.42, x: -0.8, y: 0.1 }],
  searched: true,
  best_trials: 20,
  clusters: [
    {
      samples: 256,
      mean_nll: 1.63,
      x: 0,
      y: 0,
      texts: [{ sample: 0, text: "Once upon a time, there was a little girl named Lily." }],
      share: 1,
      weight: { mean: 1, min: 1, max: 1 },
    },
  ],
};

const parallel: ParallelView = {
  trials: 30,
  truncated: false,
  top_score: 1.45,
  axes: [
    { name: "obs_share", type: "float", low: 0, high: 1, step: null, log: false, choices: null },
    {
      name: "compensation",
      type: "categorical",
      low: null,
      high: null,
      step: null,
      log: false,
      choices: ["none", "least_squares"],
    },
  ],
  rows: [
    { number: 0, score: 1.53, values: [0.1, 0] },
    { number: 37, score: 1.4375, values: [0.4, 1] },
  ],
};

const layers: LayersView = {
  trial: 37,
  sparsities: [
    {
      sparsity: 0.2,
      achieved_sparsity: 0.2,
      parameters: 222_144,
      scoring_perplexity: 4.21,
      layers: [
        { kv_groups: { kept: 4, dense: 4, share: 1 }, channels: { kept: 129, dense: 172, share: 0.75 } },
        { kv_groups: { kept: 3, dense: 4, share: 0.75 }, channels: { kept: 86, dense: 172, share: 0.5 } },
      ],
    },
  ],
};

/** Examples of operations on trials. */
export const trialExamples: Readonly<Record<string, OperationExample>> = {
  listTrials: {
    answers: {
      200: {
        ...json({ data: [trial], has_more: false, next_cursor: null }),
        "application/x-ndjson": `${JSON.stringify(trial)}\n`,
        "text/csv": "number,score\r\n36,1.4402\r\n37,1.4375\r\n",
      },
    },
  },
  getTrial: { answers: { 200: json({ trial }) } },
  getHistory: { answers: { 200: json(history) } },
  getPareto: { answers: { 200: json(pareto) } },
  getImportance: { answers: { 200: json(importance) } },
  getCalibration: { answers: { 200: json(calibration) } },
  getParallel: { answers: { 200: json(parallel) } },
  getSlices: { answers: { 200: json(slices) } },
  getLayers: { answers: { 200: json(layers) } },
};
