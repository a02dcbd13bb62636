import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { EvaluatedModel, JobId } from "@espalier/contracts";
import type { TestService } from "./service.js";

const LEASE_SECONDS = 60;

const evaluated = (name: string, perplexity: number): EvaluatedModel => ({
  name,
  sparsity: name === "dense" ? 0 : 0.2,
  achieved_sparsity: name === "dense" ? 0 : 0.2,
  parameters: 1000,
  scoring_perplexity: perplexity,
  report_perplexity: null,
  compensation: "none",
  allocation: null,
  trial_number: null,
});

function held<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`${what} was not given out`);
  return value;
}

/** Takes a job through profile and all trials, as a worker would; trial n scores 2 − n/10. */
async function searchJob({ store }: TestService, id: JobId): Promise<void> {
  const claim = held(await store.jobs.claimStage(id, "profile", "test", LEASE_SECONDS), "profile");
  const outcome = {
    plan: { space: [{ name: "obs_share", type: "float", low: 0, high: 1 } as const], starts: [], given: [] },
    neutral: {},
    dense: evaluated("dense", 5),
    baselines: [evaluated("taylor_second", 6)],
    profileSeconds: 1.5,
    statisticsKey: "5".repeat(64),
    calibration: null,
  };
  let open = [...held(await store.jobs.settleProfile(id, claim.epoch, outcome), "first trials")];
  for (let number = open.shift(); number !== undefined; number = open.shift()) {
    const trial = held(await store.trials.claim(id, number, "test", LEASE_SECONDS), `trial ${number}`);
    await store.trials.propose(id, number, trial.epoch, {
      params: { obs_share: number / 10 },
      origin: "sampler",
      rival: null,
    });
    const score = 2 - number / 10;
    const settled = await store.trials.settle(id, number, trial.epoch, {
      state: "completed",
      score,
      results: [
        {
          sparsity: 0.2,
          achieved_sparsity: 0.2,
          parameters: 800,
          scoring_perplexity: Math.exp(score),
          kv_groups: [1],
          channels: [3],
        },
      ],
      durationSeconds: 0.25,
    });
    if (settled.kind === "accepted") open = [...open, ...settled.next];
  }
}

export const artefact = {
  name: "native/model.safetensors",
  bytes: Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 251)),
};
export const artefactHash = createHash("sha256").update(artefact.bytes).digest("hex");

const checks = {
  files: [{ file: "model.safetensors", loss_difference: 1e-7 }],
  runtime: null,
  results: [],
  missing: "no other runtime reads this form",
};

/** Takes a job through everything, with one artefact file of 1,000 bytes. */
export async function finishJob(service: TestService, id: JobId): Promise<void> {
  await searchJob(service, id);
  const claim = held(await service.store.jobs.claimStage(id, "export", "test", LEASE_SECONDS), "export");
  const path = join(service.files.artifactDir(id), artefact.name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, artefact.bytes);
  const best = { ...evaluated("trial 2", Math.exp(1.8)), trial_number: 2, report_perplexity: 6.1 };
  await service.store.jobs.settleExport(id, claim.epoch, {
    files: [{ name: artefact.name, sizeBytes: artefact.bytes.length, sha256: artefactHash }],
    folders: [{ name: "native", trialNumber: 2, sparsity: 0.2, profile: "native", checks }],
    dense: { ...evaluated("dense", 5), report_perplexity: 5.2 },
    baselines: [{ ...evaluated("taylor_second", 6), report_perplexity: 6.3 }],
    best: [best],
    improvement: [{ sparsity: 0.2, baseline: "taylor_second", relative: 0.03, interval: [0.01, 0.05] }],
    differences: [{ sparsity: 0.2, model: "taylor_second", relative: 0.03, interval: [0.01, 0.05] }],
    textSamples: { samples: [], reason: "Writing texts would take longer than measuring the model." },
  });
}
