import { isHopeless, type Params } from "@espalier/search";
import type { ScoringPass } from "../scoring/scorer.js";
import type { Plan } from "../units/index.js";
import { compensatePlan } from "./compensated-weights.js";
import type { RaceOptions, StoppedRace, TrialOutcome } from "./context.js";
import { trialResult } from "./evaluated.js";
import type { JobContext } from "./job-context.js";
import { type TrialPlanner, trialPlanner } from "./trial-plan.js";

/** One sparsity of a trial on its way through the windows. */
interface Run {
  readonly sparsity: number;
  readonly plan: Plan;
  readonly pass: ScoringPass;
}

/**
 * Scores a point at every sparsity of the job: recombine, plan, compensate, one forward pass. With a rival, all
 * sparsities go through the windows together, and the trial may be stopped between two steps.
 */
export async function scoreTrial(job: JobContext, params: Params, step: RaceOptions = {}): Promise<TrialOutcome> {
  const planner = await trialPlanner(job, params);
  const { sparsity: sparsities } = job.spec.target;
  const runs: Run[] = [];
  if (step.rival === undefined) {
    for (const sparsity of sparsities) {
      const run = await beginRun(job, planner, sparsity, step);
      while (await run.pass.advance(step.signal)) report(job, runs.length, run, step);
      runs.push(run);
      if (run.pass.result().objective === null) break;
    }
    return outcomeOf(job, runs, null);
  }
  for (const sparsity of sparsities) runs.push(await beginRun(job, planner, sparsity, step));
  return outcomeOf(job, runs, await race(job, runs, step.rival, step));
}

async function beginRun(job: JobContext, planner: TrialPlanner, sparsity: number, step: RaceOptions): Promise<Run> {
  const plan = await planner.plan(sparsity, step);
  const { weights, biases } = compensatePlan(planner.repair, plan, planner.settings);
  return { sparsity, plan, pass: job.scorer.begin({ plan, weights, biases }) };
}

function report({ spec, scorer }: JobContext, before: number, { pass }: Run, { onProgress }: RaceOptions): void {
  const of = spec.target.sparsity.length * scorer.windowCount;
  onProgress?.({ stage: "score", done: before * scorer.windowCount + pass.seen, of });
}

/** Carries all runs through the windows side by side; where the trial was stopped, or null at the end. */
async function race(
  job: JobContext,
  runs: readonly Run[],
  rival: readonly Float64Array[],
  step: RaceOptions,
): Promise<StoppedRace | null> {
  const { scorer } = job;
  for (;;) {
    for (const { pass } of runs) if (!(await pass.advance(step.signal))) return null;
    const [{ pass }] = runs;
    step.onProgress?.({ stage: "score", done: runs.length * pass.seen, of: runs.length * scorer.windowCount });
    const losses = runs.map((run) => run.pass.windowLosses);
    if (isHopeless(differences(scorer, losses, rival), scorer.windowCount))
      return stoppedRace(scorer, losses, rival, pass.seen);
  }
}

/** Per window reached: the trial's loss minus the rival's, mean over the sparsities, in its share of the objective. */
function differences(
  { windowShares, windowTokens }: JobContext["scorer"],
  losses: readonly Float64Array[],
  rival: readonly Float64Array[],
): Float64Array {
  const own = losses[0].map((_, window) => {
    const sum = losses.reduce((total, of, s) => total + of[window] - rival[s][window], 0);
    return (sum * windowShares[window]) / windowTokens[window] / losses.length;
  });
  return own.filter((difference) => !Number.isNaN(difference));
}

/** The rival's score plus the mean difference to it on the windows that were reached, weighted as in the objective. */
function stoppedRace(
  { windowShares, windowTokens }: JobContext["scorer"],
  losses: readonly Float64Array[],
  rival: readonly Float64Array[],
  windows: number,
): StoppedRace {
  let rivalScore = 0;
  let beyond = 0;
  let shares = 0;
  let read = 0;
  const meanOf = (all: readonly Float64Array[], window: number): number =>
    all.reduce((sum, of) => sum + of[window], 0) / all.length / windowTokens[window];
  losses[0].forEach((first, window) => {
    rivalScore += windowShares[window] * meanOf(rival, window);
    if (Number.isNaN(first)) return;
    beyond += windowShares[window] * (meanOf(losses, window) - meanOf(rival, window));
    shares += windowShares[window];
    read += windowTokens[window];
  });
  const all = windowTokens.reduce((sum, tokens) => sum + tokens, 0);
  return { windows, partial: rivalScore + beyond / shares, share: read / all };
}

function outcomeOf({ materials }: JobContext, runs: readonly Run[], stopped: StoppedRace | null): TrialOutcome {
  const scored = runs.map(({ pass }) => pass.result());
  const results = runs.map(({ plan, sparsity }, s) =>
    trialResult(materials.shape, plan, sparsity, scored[s].perplexity),
  );
  const windowLosses = scored.map((result) => result.windowLosses);
  const failed = scored.findIndex(({ reason }) => reason !== null);
  const reason = failed < 0 ? null : `at sparsity ${runs[failed].sparsity}: ${scored[failed].reason}`;
  const sum = scored.reduce((total, { objective }) => total + (objective ?? Number.NaN), 0);
  return { score: Number.isNaN(sum) ? null : sum / runs.length, results, windowLosses, reason, stopped };
}
