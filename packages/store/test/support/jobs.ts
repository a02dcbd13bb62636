import {
  createJobBody,
  type ExportChecks,
  type JobId,
  type JobSpec,
  newJobId,
  type TrialResult,
} from "@espalier/contracts";
import type { BuildOutcome, NewJob, ProfileOutcome, TrialOutcome } from "@espalier/pipeline";
import type { TestStore } from "./open-test-store.js";

export const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

export interface Wishes {
  readonly trials?: number;
  readonly parallelism?: number;
  readonly sparsity?: readonly number[];
  readonly maxComputeSeconds?: number;
}

function jobSpec({ trials = 3, parallelism = 1, sparsity = [0.2], maxComputeSeconds }: Wishes = {}): JobSpec {
  const { webhooks: _, ...body } = createJobBody.parse({
    model: { path: "stories260K" },
    calibration: { corpus: "train.txt" },
    target: { sparsity: [...sparsity] },
    search: { trials, parallelism },
    budget: { max_compute_seconds: maxComputeSeconds ?? null },
  });
  const split = (skip_windows: number) => ({ corpus: "train.txt", windows: 8, sequence_length: 16, skip_windows });
  return {
    ...body,
    search: { ...body.search, refinement: 0, racing: false },
    calibration: split(0),
    scoring: [{ ...split(8), weight: 1 }],
    report: split(16),
    target: { ...body.target, sparsity },
  };
}

export const newJob = (wishes: Wishes = {}, more: Partial<NewJob> = {}): NewJob => ({
  id: newJobId(),
  name: null,
  spec: jobSpec(wishes),
  labels: {},
  webhooks: [],
  ...more,
});

const model = (name: string, sparsity: number, scoring_perplexity: number) => ({
  name,
  sparsity,
  achieved_sparsity: sparsity,
  parameters: 1000,
  scoring_perplexity,
  report_perplexity: null,
  compensation: "none" as const,
  allocation: null,
  trial_number: null,
});

export const profileOutcome: ProfileOutcome = {
  plan: { space: [], starts: [], given: [] },
  neutral: {},
  dense: model("dense", 0, 5),
  baselines: [model("magnitude", 0.2, 9), model("taylor", 0.2, 7), model("taylor", 0.5, 20)],
  profileSeconds: 1.5,
  statisticsKey: "5".repeat(64),
  calibration: null,
};

export const nativeChecks: ExportChecks = {
  files: [{ file: "model.safetensors", loss_difference: 1e-7 }],
  runtime: null,
  results: [],
  missing: "no other runtime reads this form",
};

export const buildOutcome: BuildOutcome = {
  files: [
    { name: "native/model.safetensors", sizeBytes: 1234, sha256: "a".repeat(64) },
    { name: "recipe.json", sizeBytes: 10, sha256: "b".repeat(64) },
  ],
  folders: [{ name: "native", trialNumber: 1, sparsity: 0.2, profile: "native", checks: nativeChecks }],
  dense: { ...model("dense", 0, 5), report_perplexity: 5.1 },
  baselines: [model("taylor", 0.2, 7)],
  best: [{ ...model("trial 1", 0.2, 6), report_perplexity: 6.2, trial_number: 1 }],
  improvement: [{ sparsity: 0.2, baseline: "taylor", relative: 0.1, interval: [0.05, 0.15] }],
  differences: [
    { sparsity: 0.2, model: "dense", relative: -0.2, interval: [-0.3, -0.1] },
    { sparsity: 0.2, model: "taylor", relative: 0.1, interval: [0.05, 0.15] },
  ],
  textSamples: {
    samples: [
      {
        prompt: "Once upon",
        continuations: [
          { model: "dense", sparsity: 0, text: " a time", tokens: 2, ended: false },
          { model: "trial 1", sparsity: 0.2, text: " a tile", tokens: 2, ended: true },
        ],
      },
    ],
    reason: null,
  },
};

export const resultOf = (perplexity: number | null, sparsity = 0.2): TrialResult => ({
  sparsity,
  achieved_sparsity: sparsity,
  parameters: 800,
  scoring_perplexity: perplexity,
  kv_groups: [1],
  channels: [4],
});

export const completed = (perplexity: number): TrialOutcome => ({
  state: "completed",
  score: Math.log(perplexity),
  results: [resultOf(perplexity)],
  durationSeconds: 2,
});

export const infeasible: TrialOutcome = {
  state: "infeasible",
  reason: "no finite perplexity",
  results: [resultOf(null)],
  durationSeconds: 1,
};

/** A job that is searching, with its first trials. */
export async function searchingJob(store: TestStore, wishes: Wishes = {}, more: Partial<NewJob> = {}): Promise<JobId> {
  const { id } = await store.jobs.create(newJob(wishes, more));
  const claim = await store.jobs.claimStage(id, "profile", "w", 30);
  await store.jobs.settleProfile(id, claim?.epoch ?? -1, profileOutcome);
  return id;
}

/** Claims, proposes and settles one trial. */
export async function runTrial(store: TestStore, id: JobId, number: number, outcome: TrialOutcome) {
  const claim = await store.trials.claim(id, number, "w", 30);
  if (!claim) throw new Error(`trial ${number} of ${id} cannot be claimed`);
  await store.trials.propose(id, number, claim.epoch, { params: { x: number }, origin: "sampler", rival: null });
  return store.trials.settle(id, number, claim.epoch, outcome);
}

/** As when its worker has been silent for longer than the lease. */
export const expireStage = ({ sql }: TestStore, id: JobId) =>
  sql("UPDATE jobs SET stage_lease_until = clock_timestamp() - interval '1 s' WHERE id = $1", [id]);

/** As when its worker has been silent for longer than the lease. */
export const expireTrial = ({ sql }: TestStore, id: JobId, number: number) =>
  sql("UPDATE trials SET lease_until = clock_timestamp() - interval '1 s' WHERE job_id = $1 AND number = $2", [
    id,
    number,
  ]);

/** The job's events, which must be numbered 1, 2, 3, …. */
export async function eventTypes(store: TestStore, id: JobId): Promise<readonly string[]> {
  const events = await store.views.events(id, { after: 0, limit: 100_000 });
  const gap = events.findIndex(({ sequence }, index) => sequence !== index + 1);
  if (gap >= 0) throw new Error(`event ${gap + 1} of ${id} has sequence ${events[gap]?.sequence}`);
  return events.map(({ type }) => type);
}
