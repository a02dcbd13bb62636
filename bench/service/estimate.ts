import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type CreateJobInput, isTerminal, type JobEstimate, type JobView } from "@espalier/contracts";
import { startEmbeddedStack } from "../../apps/cli/dist/stack/embedded-stack.js";
import { makeScratchDir } from "../../apps/cli/dist/stack/scratch-dir.js";
import { printResult } from "../result-line.js";

/**
 * How good estimates are: asks for one before each of some jobs, runs the job, and prints both, one line a job. The first
 * knows only what the worker measured of itself; later ones know the jobs before them.
 * `npm run bench -- service/estimate MODELS`, a folder that holds stories260K and stories3M.
 */
const models = resolve(process.argv[2] ?? "examples/models");

const job = (model: string, trials: number, changes: Partial<CreateJobInput> = {}): CreateJobInput => ({
  model: { path: model },
  calibration: { corpus: "tinystories-train.txt", samples: 64 },
  scoring: { corpus: "tinystories-valid.txt", windows: 64 },
  report: { corpus: "tinystories-valid.txt", windows: 32, skip_windows: 64 },
  target: { sparsity: 0.2 },
  search: { trials, seed: trials },
  ...changes,
});

const small = job("stories260K", 20);
const large = job("stories3M", 12);
const jobs: readonly (readonly [string, CreateJobInput])[] = [
  ["stories260K, 20 trials", small],
  ["stories3M, 12 trials", large],
  [
    "stories260K, 30 trials, 50 %, more text",
    {
      ...job("stories260K", 30),
      target: { sparsity: 0.5 },
      calibration: { corpus: "tinystories-train.txt", samples: 128 },
    },
  ],
  [
    "stories3M, 16 trials, 50 %, more text",
    {
      ...job("stories3M", 16),
      target: { sparsity: 0.5 },
      calibration: { corpus: "tinystories-train.txt", samples: 96 },
    },
  ],
  ["stories3M, 16 trials, two sparsities", { ...job("stories3M", 16), target: { sparsity: [0.2, 0.5] } }],
];

const dataDir = await makeScratchDir("espalier-estimate-");
const stack = await startEmbeddedStack({
  dataDir,
  modelRoots: [models],
  corpusRoots: [resolve("examples/corpora")],
  port: 0,
  threads: 1,
  durable: false,
});

async function call<T>(path: string, body?: object): Promise<T> {
  const init = body && { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const response = await fetch(new URL(path, stack.url), init);
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

const estimateOf = (body: CreateJobInput): Promise<JobEstimate> => call("/v1/jobs/estimate", body);

async function run(body: CreateJobInput): Promise<JobView> {
  const { job: submitted } = await call<{ job: JobView }>("/v1/jobs", body);
  for (;;) {
    const { job: now } = await call<{ job: JobView }>(`/v1/jobs/${submitted.id}`);
    if (isTerminal(now.state)) return now;
    await sleep(200);
  }
}

try {
  while ((await estimateOf(small)).duration_seconds === null) await sleep(1000);
  for (const [name, body] of jobs) {
    const estimate = await estimateOf(body);
    const { state, timing, trials } = await run(body);
    const [low, high] = [estimate.duration_seconds?.low ?? 0, estimate.duration_seconds?.high ?? 0];
    const took = timing.total_seconds ?? Number.NaN;
    printResult({
      bench: "service/estimate",
      job: name,
      state,
      known_jobs: estimate.based_on[0]?.finished_jobs ?? 0,
      low_seconds: low,
      high_seconds: high,
      took_seconds: took,
      inside: low <= took && took <= high,
      took_by_middle: took / Math.sqrt(low * high),
      profile: [estimate.profile.seconds?.low, timing.profile_seconds, estimate.profile.seconds?.high],
      trial: [estimate.trial.seconds?.low, timing.mean_trial_seconds, estimate.refinement.seconds?.high],
      tokens_saved: trials.tokens_saved,
    });
  }
} finally {
  await stack.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
