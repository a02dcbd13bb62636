import type { EvaluatedModel, JobId, TrialResult } from "@espalier/contracts";
import type { Origin, Params, SearchPlan } from "@espalier/pipeline";
import type { TestService } from "./service.js";

const LEASE_SECONDS = 60;

/** One trial as a worker would settle it. */
export interface PlayedTrial {
  readonly params: Params;
  readonly score: number;
  readonly origin?: Origin;
  readonly results: readonly TrialResult[];
}

const denseModel: EvaluatedModel = {
  name: "dense",
  sparsity: 0,
  achieved_sparsity: 0,
  parameters: 1000,
  scoring_perplexity: 5,
  report_perplexity: null,
  compensation: "none",
  allocation: null,
  trial_number: null,
};

/** Result of one sparsity; a perplexity of null is infinite. */
export const resultAt = (sparsity: number, scoring_perplexity: number | null, parameters: number): TrialResult => ({
  sparsity,
  achieved_sparsity: sparsity,
  parameters,
  scoring_perplexity,
  kv_groups: [4, 2, 3, 4, 0],
  channels: [172, 100, 86, 43, 0],
});

/** Settles the profile with a space. */
export async function settleProfile(
  { store }: TestService,
  id: JobId,
  space: SearchPlan["space"],
): Promise<readonly number[]> {
  const claim = await store.jobs.claimStage(id, "profile", "test", LEASE_SECONDS);
  const plan: SearchPlan = { space, starts: [], given: [] };
  const outcome = {
    plan,
    neutral: {},
    dense: denseModel,
    baselines: [],
    profileSeconds: 1,
    statisticsKey: "5".repeat(64),
    calibration: null,
  };
  return (await store.jobs.settleProfile(id, claim?.epoch ?? -1, outcome)) ?? [];
}

/** Settles trials 0, 1, … as given. */
export async function playTrials({ store }: TestService, id: JobId, trials: readonly PlayedTrial[]): Promise<void> {
  for (const [number, { params, score, origin = "sampler", results }] of trials.entries()) {
    const claim = await store.trials.claim(id, number, "test", LEASE_SECONDS);
    if (!claim) throw new Error(`trial ${number} was not given out`);
    await store.trials.propose(id, number, claim.epoch, { params, origin, rival: null });
    const outcome = { state: "completed", score, results, durationSeconds: 0.1 } as const;
    await store.trials.settle(id, number, claim.epoch, outcome);
  }
}
