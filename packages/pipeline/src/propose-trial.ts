import { nextPoint, type Trial } from "@espalier/search";
import type { Candidate, TrialClaim, TrialPoint } from "./ports/records.js";
import type { TrialStore } from "./ports/stores.js";

/** An infinite perplexity is told as the worst value: unlike a failure, it says something about the point. */
const WORST_SCORE = Number.POSITIVE_INFINITY;

function toTrial(point: TrialPoint): Trial {
  const { number, params, score, partialScore } = point;
  switch (point.state) {
    case "completed":
    case "infeasible":
      return { number, params, state: "complete", values: [score ?? WORST_SCORE] };
    case "pruned":
      // Against its rival on the same windows the estimate is close, and worse than the best by construction. Told as
      // merely pruned, a point counts as middling, and the sampler comes back to it.
      return { number, params, state: "complete", values: [partialScore ?? WORST_SCORE] };
    case "waiting":
    case "running":
      return { number, params, state: "running" };
    default:
      return { number, params, state: "failed" };
  }
}

/** The best completed trial; of equal ones the first. */
function bestCompleted(points: readonly TrialPoint[]): TrialPoint | undefined {
  let best: TrialPoint | undefined;
  for (const point of points) {
    if (point.state !== "completed" || point.score === null) continue;
    if (best === undefined || point.score < (best.score ?? WORST_SCORE)) best = point;
  }
  return best;
}

/**
 * What a claimed trial scores: what an earlier claim stored, else the schedule's next point, racing against the best trial
 * completed by now where the job asks for it. Undefined when the claim was lost meanwhile.
 */
export async function proposeTrial(
  trials: Pick<TrialStore, "history" | "propose">,
  { job, number, epoch, params, rivalParams }: TrialClaim,
): Promise<Candidate | undefined> {
  if (params !== null) return { params, rivalParams };
  const { plan, spec, id } = job;
  if (plan === null) throw new Error(`job ${id} is searching without a search plan`);
  const points = await trials.history(id);
  const next = nextPoint({ ...spec.search, ...plan }, points.map(toTrial), number);
  const rival = spec.search.racing ? bestCompleted(points) : undefined;
  const stored = await trials.propose(id, number, epoch, { ...next, rival: rival?.number ?? null });
  return stored ? { params: next.params, rivalParams: rival?.params ?? null } : undefined;
}
