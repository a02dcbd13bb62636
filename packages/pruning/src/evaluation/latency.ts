import { type Rng, streamRng } from "@espalier/search";
import { quantileOf } from "./bootstrap.js";

/** A model that can be run once, in a process of its own or not; gives seconds. */
export type TimedModel = () => Promise<number>;

export interface CompareLatencyOptions {
  /** Timed runs of each model. */
  readonly rounds: number;
  /** Deterministic for it: order of the models in a round, and the bootstrap. */
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((round: number) => void) | undefined;
}

/** Median and interval of a model's runs, and of their ratios to the first model's run of the same round. */
export interface LatencyComparison {
  readonly seconds: number;
  readonly interval: readonly [number, number];
  /** Null for the first model. */
  readonly ratio: number | null;
  readonly ratioInterval: readonly [number, number] | null;
}

/** Runs before the timed ones: memory is touched, clocks rise. */
const WARM_UP = 3;
const RESAMPLES = 2000;
const [LOW, HIGH] = [0.025, 0.975];

/**
 * Times models against the first one. Every round runs each of them once, in an order drawn anew, so that what else the
 * machine does falls on all alike; ratios are taken within rounds. Intervals: 95 % percentile bootstrap of the median over
 * rounds.
 */
export async function compareLatency(
  models: readonly TimedModel[],
  { rounds, seed, signal, onProgress }: CompareLatencyOptions,
): Promise<LatencyComparison[]> {
  if (!Number.isInteger(rounds) || rounds < 2) throw new RangeError(`${rounds} rounds; at least 2`);
  const rng = streamRng(seed, 0);
  const seconds = models.map(() => new Float64Array(rounds));
  for (let round = -WARM_UP; round < rounds; round++) {
    for (const model of shuffled(models.length, rng)) {
      signal?.throwIfAborted();
      const taken = await models[model]();
      if (round >= 0) seconds[model][round] = taken;
    }
    if (round >= 0) onProgress?.(round + 1);
  }
  return seconds.map((own, model) => {
    const ratios = own.map((value, round) => value / seconds[0][round]);
    return {
      seconds: median(own),
      interval: medianInterval(own, rng),
      ratio: model === 0 ? null : median(ratios),
      ratioInterval: model === 0 ? null : medianInterval(ratios, rng),
    };
  });
}

function shuffled(count: number, rng: Rng): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const other = Math.min(i, Math.floor(rng.next() * (i + 1)));
    [order[i], order[other]] = [order[other], order[i]];
  }
  return order;
}

const median = (values: Float64Array): number => quantileOf(values.slice().sort(), 0.5);

function medianInterval(values: Float64Array, rng: Rng): [number, number] {
  const n = values.length;
  const draws = Float64Array.from({ length: RESAMPLES }, () =>
    median(Float64Array.from({ length: n }, () => values[Math.min(n - 1, Math.floor(rng.next() * n))])),
  ).sort();
  return [quantileOf(draws, LOW), quantileOf(draws, HIGH)];
}
