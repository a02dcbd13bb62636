import { logGaussMass } from "../../../numeric/normal.js";
import { stableArgsort } from "../../../numeric/stable-argsort.js";
import type { TabledKernels } from "./dimension-kernels.js";
import { drawNumeric, type NumericKernels } from "./numeric-kernels.js";

/** Kernels of equal centre and width: a stepped dimension has few values, so it has few of these. */
interface KernelClasses {
  /** Class of each kernel, shape [kernels]. */
  readonly classOf: Int32Array;
  /** One kernel of each class. */
  readonly examples: readonly number[];
}

function classify({ mus, sigmas }: NumericKernels): KernelClasses {
  const prior = mus.length - 1;
  const order = stableArgsort(mus, prior);
  const classOf = new Int32Array(prior + 1);
  const examples: number[] = [];
  let firstOfValue = 0;
  for (const kernel of order) {
    const previous = examples.at(-1);
    if (previous === undefined || mus[previous] !== mus[kernel]) firstOfValue = examples.length;
    let found = firstOfValue;
    while (found < examples.length && sigmas[examples[found]] !== sigmas[kernel]) found++;
    if (found === examples.length) examples.push(kernel);
    classOf[kernel] = found;
  }
  classOf[prior] = examples.length;
  examples.push(prior);
  return { classOf, examples };
}

/** Log mass of the step around a value under a kernel with centre mu (an axis value) and width sigma. */
type StepMass = (value: number, mu: number, sigma: number) => number;

const logStepMass =
  (step: number): StepMass =>
  (value, mu, sigma) =>
    logGaussMass((Math.log(value - step / 2) - mu) / sigma, (Math.log(value + step / 2) - mu) / sigma);

/** Without logs the mass depends on the distance alone, and steps have few distances: each is computed once. */
function linearStepMass(step: number): StepMass {
  const bySigma = new Map<number, Map<number, number>>();
  return (value, mu, sigma) => {
    const distance = Math.abs(value - mu);
    let byDistance = bySigma.get(sigma);
    if (byDistance === undefined) {
      byDistance = new Map();
      bySigma.set(sigma, byDistance);
    }
    const cached = byDistance.get(distance);
    if (cached !== undefined) return cached;
    const mass = logGaussMass((-distance - step / 2) / sigma, (-distance + step / 2) / sigma);
    byDistance.set(distance, mass);
    return mass;
  };
}

/** Probabilities of steps: normal mass of [x - step/2, x + step/2] (their logs if log) over the mass of the range. */
export function steppedKernels(kernels: NumericKernels, step: number): TabledKernels {
  const { dimension, range, mus, sigmas } = kernels;
  const { classOf, examples } = classify(kernels);
  const rangeMass = Float64Array.from(examples, (k) =>
    logGaussMass((range.low - mus[k]) / sigmas[k], (range.high - mus[k]) / sigmas[k]),
  );
  const rows = new Map<number, Float64Array>();
  const logMass = dimension.log ? logStepMass(step) : linearStepMass(step);
  const rowOf = (value: number): Float64Array => {
    const cached = rows.get(value);
    if (cached !== undefined) return cached;
    const row = new Float64Array(examples.length);
    for (let i = 0; i < row.length; i++) row[i] = logMass(value, mus[examples[i]], sigmas[examples[i]]) - rangeMass[i];
    rows.set(value, row);
    return row;
  };
  return {
    kind: "tabled",
    classOf,
    classes: examples.length,
    logProbabilities: rowOf,
    draw: (kernel, quantile) => drawNumeric(kernels, kernel, quantile),
    describe: () => ({ mus, sigmas }),
  };
}
