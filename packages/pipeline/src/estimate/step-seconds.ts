import type { FinishedWork, MeasuredDevice, MeasuredRate, Operations, WorkStep } from "../ports/measurements.js";
import type { Interval } from "./interval.js";

/** Factor between what is counted and what passes, where no finished job has shown it: ADR 0024 has what was seen. */
const UNSEEN: Interval = { low: 0.4, high: 3 };

/** Racing stops most trials early; by how much is not known before a job has raced. */
const UNSEEN_RACED: Interval = { low: 0.15, high: 3 };

/** Natural logarithm by which an interval reaches to both sides at least: load and texts differ from job to job. */
const LEAST_SPREAD = Math.log(1.4);

/** Standard deviations to both sides. */
const DEVIATIONS = 2;

/** Further to both sides per unit of distance, as a logarithm, between this model's size and the nearest that was seen. */
const SPREAD_PER_DISTANCE = 0.35;

/** Distance, as a logarithm of sizes, at which a finished job counts half as much as one of the same size. */
const HALF_DISTANCE = Math.log(2);

const kinds = ["forward", "gradients", "algebra"] as const satisfies readonly (keyof Operations)[];

/**
 * Seconds of one piece of a step on one kind of worker: counted operations at measured rates, corrected by how long finished
 * jobs took, near ones of similar size most. Undefined where neither rates nor finished jobs tell.
 */
export function stepSeconds(
  device: MeasuredDevice,
  step: WorkStep,
  scale: number,
  operations: Operations,
): Interval | undefined {
  const counted = countedSeconds(device.rates, scale, operations);
  if (counted === undefined) return undefined;
  if (counted === 0) return { low: 0, high: 0 };
  const seen = device.finished
    .filter((work) => work.step === step)
    .flatMap((work) => ratioOf(device.rates, work, scale));
  const factor = seen.length > 0 ? seenFactor(seen) : step.startsWith("raced_") ? UNSEEN_RACED : UNSEEN;
  return { low: counted * factor.low, high: counted * factor.high };
}

interface Ratio {
  /** ln(seconds that passed ÷ seconds that were counted). */
  readonly log: number;
  /** |ln(size ÷ size)|. */
  readonly distance: number;
}

function ratioOf(rates: readonly MeasuredRate[], work: FinishedWork, scale: number): readonly Ratio[] {
  const counted = countedSeconds(rates, work.scale, work.operations) ?? 0;
  if (counted <= 0 || work.seconds <= 0) return [];
  return [{ log: Math.log(work.seconds / counted), distance: Math.abs(Math.log(work.scale / scale)) }];
}

function seenFactor(seen: readonly Ratio[]): Interval {
  const weighed = seen.map((ratio) => ({ ...ratio, weight: 0.5 ** (ratio.distance / HALF_DISTANCE) }));
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0);
  const mean = weighed.reduce((sum, { weight, log }) => sum + weight * log, 0) / total;
  const variance = weighed.reduce((sum, { weight, log }) => sum + weight * (log - mean) ** 2, 0) / total;
  const nearest = Math.min(...seen.map(({ distance }) => distance));
  const spread = Math.max(LEAST_SPREAD, DEVIATIONS * Math.sqrt(variance)) + SPREAD_PER_DISTANCE * nearest;
  return { low: Math.exp(mean - spread), high: Math.exp(mean + spread) };
}

function countedSeconds(rates: readonly MeasuredRate[], scale: number, operations: Operations): number | undefined {
  let seconds = 0;
  for (const kind of kinds) {
    if (operations[kind] === 0) continue;
    const rate = rateAt(
      rates.filter((measured) => measured.kind === kind),
      scale,
    );
    if (rate === undefined) return undefined;
    seconds += operations[kind] / rate;
  }
  return seconds;
}

/** Operations per second at a scale: between two measurements in proportion on logarithmic axes, beyond them the nearest. */
function rateAt(measured: readonly MeasuredRate[], scale: number): number | undefined {
  const points = measured.map((m) => ({ x: Math.log(m.scale), y: Math.log(m.operations / m.seconds) }));
  points.sort((a, b) => a.x - b.x);
  const x = Math.log(scale);
  const below = points.findLast((point) => point.x <= x);
  const above = points.find((point) => point.x > x);
  if (below === undefined || above === undefined) {
    const only = below ?? above;
    return only && Math.exp(only.y);
  }
  return Math.exp(below.y + ((above.y - below.y) * (x - below.x)) / (above.x - below.x));
}
