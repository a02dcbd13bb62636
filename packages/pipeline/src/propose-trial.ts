import { nextPoint, type Trial } from "@espalier/search";
import type { Params, TrialClaim, TrialPoint } from "./ports/records.js";
import type { TrialStore } from "./ports/stores.js";

/** An infinite perplexity is told as the worst value: unlike a failure, it says something about the point. */
const WORST_SCORE = Number.POSITIVE_INFINITY;

function toTrial(point: TrialPoint): Trial {
  const { number, params, score } = point;
  switch (point.state) {
    case "completed":
    case "infeasible":
      return { number, params, state: "complete", values: [score ?? WORST_SCORE] };
    case "waiting":
    case "running":
      return { number, params, state: "running" };
    default:
      return { number, params, state: "failed" };
  }
}

/**
 * The parameters of a claimed trial: what an earlier claim stored, else the schedule's next point.
 * Undefined when the claim was lost meanwhile.
 */
export async function proposeTrial(
  trials: Pick<TrialStore, "history" | "propose">,
  { job, number, epoch, params }: TrialClaim,
): Promise<Params | undefined> {
  if (params !== null) return params;
  const { plan, spec, id } = job;
  if (plan === null) throw new Error(`job ${id} is searching without a search plan`);
  const history = (await trials.history(id)).map(toTrial);
  const proposal = nextPoint({ ...spec.search, ...plan }, history, number);
  const stored = await trials.propose(id, number, epoch, proposal.params, proposal.origin);
  return stored ? proposal.params : undefined;
}
