import type { History, Trial } from "../history/trial.js";
import { streamRng } from "../random/stream.js";
import { bestTrial, proposeRound } from "../refinement/propose-round.js";
import { isRefined } from "../refinement/rounds.js";
import { type SamplerName, samplerRegistry } from "../samplers/registry.js";
import type { Parameter, Params } from "../space/parameter.js";
import { defineSpace } from "../space/space.js";

/** What is settled before the first trial of a search. */
export interface Schedule {
  readonly space: readonly Parameter[];
  /** Informed points: trial n < starts.length takes starts[n]; a refined one replays what another search found. */
  readonly starts: readonly Params[];
  /** Results known beforehand, told to the sampler, numbered below the trials. */
  readonly given: readonly { readonly params: Params; readonly score: number }[];
  readonly sampler: SamplerName;
  /** Trial budget. */
  readonly trials: number;
  /** Share of the budget, its end, that refines the best plan found; more where a refined start is the best. */
  readonly refinement: number;
  readonly seed: number;
}

/** Where a trial's point comes from. */
export type Origin = "start" | "sampler" | "refinement";

/**
 * The point of a trial: an informed start, the sampler's proposal from everything settled and running (constant liar),
 * or another round of refinement. Once a refined start is the best trial, rounds go on from there: points of the space would
 * have to gain as much as all of its rounds did. A pure function of its arguments, so any worker can make any proposal.
 */
export function nextPoint(
  schedule: Schedule,
  trials: readonly Trial[],
  number: number,
): { readonly params: Params; readonly origin: Origin } {
  const { space, starts, given, sampler, seed } = schedule;
  const known = given.map(
    ({ params, score }, index): Trial => ({ number: index - given.length, state: "complete", params, values: [score] }),
  );
  const history: History = { directions: ["minimize"], trials: [...known, ...trials] };
  const refined = isRefining(schedule, history.trials, number) ? proposeRound(history, number) : undefined;
  if (refined !== undefined) return { params: refined, origin: "refinement" };
  if (number < starts.length) {
    const params = starts[number];
    return { params, origin: isRefined(params) ? "refinement" : "start" };
  }
  const searched = { ...history, trials: history.trials.filter(({ params }) => !isRefined(params)) };
  const params = samplerRegistry[sampler]({}).suggest(defineSpace(space), searched, streamRng(seed, number));
  return { params, origin: "sampler" };
}

/** Whether a trial refines: at the end of the budget, or sooner where a refined plan is the best already. */
function isRefining({ trials, refinement }: Schedule, history: readonly Trial[], number: number): boolean {
  if (refinement === 0) return false;
  return number >= trials - Math.floor(trials * refinement) || isRefined(bestTrial(history)?.params ?? {});
}
