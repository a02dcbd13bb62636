import { defineSpace, type History, samplerRegistry, streamRng, type Trial } from "@espalier/search";
import type { Params, SearchPlan, TrialClaim, TrialPoint } from "./ports/records.js";
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

/** Known baselines come first, numbered below the trials. */
function toHistory(plan: SearchPlan, points: readonly TrialPoint[]): History {
  const given = plan.given.map(
    ({ params, score }, index): Trial => ({
      number: index - plan.given.length,
      state: "complete",
      params,
      values: [score],
    }),
  );
  return { directions: ["minimize"], trials: [...given, ...points.map(toTrial)] };
}

/**
 * The parameters of a claimed trial: what an earlier claim stored, else an informed start, else the sampler's proposal
 * from everything settled and running (constant liar). Undefined when the claim was lost meanwhile.
 */
export async function proposeTrial(
  trials: Pick<TrialStore, "history" | "propose">,
  { job, number, epoch, params }: TrialClaim,
): Promise<Params | undefined> {
  if (params !== null) return params;
  const { plan, spec, id } = job;
  if (plan === null) throw new Error(`job ${id} is searching without a search plan`);
  const start = plan.starts[number];
  const proposal =
    start ??
    samplerRegistry[spec.search.sampler]({}).suggest(
      defineSpace(plan.space),
      toHistory(plan, await trials.history(id)),
      streamRng(spec.search.seed, number),
    );
  const stored = await trials.propose(id, number, epoch, proposal, start === undefined ? "sampler" : "start");
  return stored ? proposal : undefined;
}
