import type { DistanceMatrix } from "../samplers/tpe/parzen/categorical-kernels.js";
import type { KernelDescription } from "../samplers/tpe/parzen/dimension-kernels.js";
import { type ParzenEstimator, parzenEstimator } from "../samplers/tpe/parzen/parzen-estimator.js";
import type { Dimension } from "../space/dimension.js";
import { compareNumbers, type Difference, exact, firstOf, LOGS, PARTS, within } from "./compare.js";
import { checkDistributions } from "./distributions.js";
import { asList, asNumbers, asObject, type Fixture, type Json } from "./fixture.js";
import { readSpace } from "./fixture-history.js";
import { fixtureOptions } from "./fixture-options.js";
import { checkTruncatedNormal } from "./truncated-normal.js";

/** Draws of continuous parameters: within this share of the range (the reference solves by Newton). */
const DRAW_SHARE = 1e-6;

/** Densities, draws, normalised ranges, or the normal distribution's functions. */
export function checkParzen(fixture: Fixture): Difference | null {
  const { input, expected } = fixture;
  if (input["distributions"] !== undefined) return checkDistributions(fixture);
  if (input["z"] !== undefined || input["ab"] !== undefined) return checkTruncatedNormal(fixture);
  const dimensions = readSpace(input["space"]);
  const estimator = estimatorOf(fixture, dimensions);
  const draws = (): Difference | null =>
    checkDraws(input, asObject(expected["values"], "values"), dimensions, estimator);
  return firstOf([
    () =>
      expected["weights"] === undefined
        ? null
        : compareNumbers("weights", expected["weights"], estimator.weights, PARTS),
    () => (expected["components"] === undefined ? null : checkComponents(expected, dimensions, estimator)),
    () => (expected["log_pdf"] === undefined ? null : checkLogDensity(input, expected, dimensions, estimator)),
    () => (expected["values"] === undefined ? null : draws()),
  ]);
}

function columnsOf(values: unknown, what: string, dimensions: readonly Dimension[]): Float64Array[] {
  const byName = asObject(values, what);
  return dimensions.map(({ name }) => Float64Array.from(asNumbers(byName[name], `${what}.${name}`)));
}

function estimatorOf(fixture: Fixture, dimensions: readonly Dimension[]): ParzenEstimator {
  const { input } = fixture;
  const columns = columnsOf(input["observations"], "observations", dimensions);
  const weights = input["predetermined_weights"];
  const distances = input["categorical_distance"];
  return parzenEstimator(dimensions, columns, fixtureOptions(fixture), {
    ...(weights == null ? {} : { weights: Float64Array.from(asNumbers(weights, "predetermined_weights")) }),
    ...(distances == null ? {} : { distances: readDistances(distances) }),
  });
}

function readDistances(value: unknown): Record<string, DistanceMatrix> {
  const entries = Object.entries(asObject(value, "categorical_distance"));
  return Object.fromEntries(entries.map(([name, rows]) => [name, asList(rows, name).map((r) => asNumbers(r, name))]));
}

function checkComponents(
  expected: Json,
  dimensions: readonly Dimension[],
  estimator: ParzenEstimator,
): Difference | null {
  const components = asObject(expected["components"], "components");
  const found = estimator.describe();
  return firstOf(
    dimensions.map(({ name }, d) => () => {
      const path = `components.${name}`;
      return checkKernels(path, asObject(components[name], path), found[d]);
    }),
  );
}

function checkKernels(path: string, expected: Json, found: KernelDescription): Difference | null {
  if ("mus" in found) {
    return firstOf([
      () => compareNumbers(`${path}.mus`, expected["mus"], found.mus, PARTS),
      () => compareNumbers(`${path}.sigmas`, expected["sigmas"], found.sigmas, PARTS),
    ]);
  }
  const rows = asList(expected["probabilities"], `${path}.probabilities`);
  if (rows.length !== found.probabilities.length) {
    return { path: `${path}.probabilities.length`, expected: rows.length, found: found.probabilities.length };
  }
  return firstOf(
    rows.map((row, k) => () => compareNumbers(`${path}.probabilities[${k}]`, row, found.probabilities[k], PARTS)),
  );
}

function checkLogDensity(
  input: Json,
  expected: Json,
  dimensions: readonly Dimension[],
  estimator: ParzenEstimator,
): Difference | null {
  const points = columnsOf(input["points"], "points", dimensions);
  return compareNumbers("log_pdf", expected["log_pdf"], estimator.logDensity(points, points[0]?.length ?? 0), LOGS);
}

function checkDraws(
  input: Json,
  expected: Json,
  dimensions: readonly Dimension[],
  estimator: ParzenEstimator,
): Difference | null {
  const quantiles = columnsOf(input["quantiles"], "quantiles", dimensions);
  const kernels = asNumbers(input["component"], "component");
  const draws = kernels.map((kernel, i) =>
    estimator.drawFrom(
      kernel,
      quantiles.map((column) => column[i]),
    ),
  );
  return firstOf(
    dimensions.map((dimension, d) => () => {
      const continuous = dimension.kind === "numeric" && dimension.step === null;
      const near = continuous ? within(DRAW_SHARE * (dimension.high - dimension.low)) : exact;
      const { name } = dimension;
      return compareNumbers(
        `values.${name}`,
        expected[name],
        draws.map((draw) => draw[d]),
        near,
      );
    }),
  );
}
