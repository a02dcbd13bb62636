import { type History, inNumberOrder, type Trial } from "../history/trial.js";
import type { Params } from "../space/parameter.js";
import { type Round, roundsOf, withRounds } from "./rounds.js";

/** Share of the removed parameters that a first round moves. */
const FIRST_SHARE = 0.1;
/** Further tries at one size, each with a draw of its own, before the size is halved. */
const TRIES = 3;
/** Smallest share worth a trial. */
const LEAST_SHARE = 0.0025;

/**
 * The best trial so far with one more round: of the size that last helped (else the first size), then draws of that size, then of half, and
 * so on until one helps, beginning anew after the smallest size. Trials that run count as tries, so that several workers try different rounds.
 * A pure function of the history; undefined while no trial has a finite value. Reads the first objective, minimised.
 */
export function proposeRound({ trials }: History, number: number): Params | undefined {
  const best = bestTrial(trials);
  if (best === undefined) return undefined;
  const rounds = roundsOf(best.params);
  const tried = trials.filter(({ params }) => isNextRound(params, best.params, rounds)).length;
  const share = shareOfTry(shareThatHelped(trials, best.params, rounds), tried);
  return withRounds(best.params, [...rounds, { share, draw: tried === 0 ? 0 : number }]);
}

/**
 * The last round's share where its gain was seen here: the plan before it is among the trials. The rounds of a replayed
 * plan were sized for another search, and what they left over is worth large moves again.
 */
function shareThatHelped(trials: readonly Trial[], params: Params, rounds: readonly Round[]): number {
  const before = withRounds(params, rounds.slice(0, -1));
  const last = rounds.at(-1);
  return last !== undefined && trials.some((trial) => samePoint(trial.params, before)) ? last.share : FIRST_SHARE;
}

/** The first try takes the best moves; after it, TRIES draws at each size; after the least size, from the first again. */
function shareOfTry(helped: number, tried: number): number {
  const place = Math.floor(Math.max(0, tried - 1) / TRIES);
  const sizes = sizesFrom(helped);
  const all = sizesFrom(FIRST_SHARE);
  return place < sizes.length ? sizes[place] : all[(place - sizes.length) % all.length];
}

function sizesFrom(share: number): number[] {
  const sizes = [share];
  for (let size = share / 2; size >= LEAST_SHARE; size /= 2) sizes.push(size);
  return sizes;
}

/** The trial with the lowest finite first value; the earliest in a tie. */
export function bestTrial(trials: readonly Trial[]): Trial | undefined {
  let best: Trial | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const trial of inNumberOrder(trials)) {
    const value = trial.state === "complete" ? (trial.values?.[0] ?? Number.POSITIVE_INFINITY) : least;
    if (value >= least) continue;
    best = trial;
    least = value;
  }
  return best;
}

/** Whether a point is another one with exactly one more round. */
function isNextRound(params: Params, from: Params, rounds: readonly Round[]): boolean {
  const own = roundsOf(params);
  return own.length === rounds.length + 1 && samePoint(withRounds(params, own.slice(0, -1)), from);
}

function samePoint(a: Params, b: Params): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.is(a[name], b[name]));
}
