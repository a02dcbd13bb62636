/** Many workers on one search, in simulated time: what each asks knows what has settled by then, and what runs. */
import { nextPoint, type Params, type Rng, type Schedule, streamRng, type Trial } from "@espalier/search";

/** A tabulated objective, and how a search on it is scheduled. */
export interface Objective {
  readonly schedule: Pick<Schedule, "space" | "starts" | "given" | "sampler" | "refinement">;
  readonly value: (params: Params) => number;
}

/** One settled trial. */
export interface Settled {
  /** In mean durations of a whole trial. */
  readonly at: number;
  readonly value: number;
}

interface Running extends Settled {
  readonly trial: Trial;
}

/** Spread of the logarithm of whole trials' durations. */
const SPREAD = 0.2;
/** A trial so much worse than the best when it began is stopped by racing, and reads this share of the text. */
const HOPELESS = { worse: 0.02, share: 0.35 };

function durationOf(rng: Rng, value: number, best: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next());
  const whole = Math.exp(SPREAD * normal - SPREAD ** 2 / 2);
  return value > best + HOPELESS.worse ? whole * HOPELESS.share : whole;
}

/**
 * Settled trials of one search in the order of time. A worker begins its next trial when its last has settled, as in the
 * service: numbers in order, proposals from everything settled and running (constant liar).
 */
export function simulateWorkers(
  { schedule, value }: Objective,
  { workers, trials, seed, isRacing }: { workers: number; trials: number; seed: number; isRacing: boolean },
): Settled[] {
  const durations = streamRng(seed, 2 ** 31);
  const whole = { ...schedule, trials, seed };
  const known = new Map<number, Trial>();
  const running: Running[] = [];
  const settled: Settled[] = [];
  let best = Number.POSITIVE_INFINITY;
  const begin = (number: number, now: number): void => {
    const { params } = nextPoint(whole, [...known.values()], number);
    const result = value(params);
    const at = now + durationOf(durations, result, isRacing ? best : Number.POSITIVE_INFINITY);
    known.set(number, { number, state: "running", params });
    running.push({ at, value: result, trial: { number, state: "complete", params, values: [result] } });
  };
  for (let number = 0; number < Math.min(workers, trials); number++) begin(number, 0);
  for (let number = workers; running.length > 0; number++) {
    const next = running.reduce((earliest, one) => (one.at < earliest.at ? one : earliest));
    running.splice(running.indexOf(next), 1);
    known.set(next.trial.number, next.trial);
    settled.push({ at: next.at, value: next.value });
    best = Math.min(best, next.value);
    if (number < trials) begin(number, next.at);
  }
  return settled;
}
