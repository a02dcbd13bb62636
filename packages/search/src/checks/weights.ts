import { contributionWeights } from "../samplers/tpe/objectives/contribution-weights.js";
import { referencePoint } from "../samplers/tpe/objectives/reference-point.js";
import { recencyWeights } from "../samplers/tpe/recency-weights.js";
import { CONTRIBUTIONS, compareNumbers, type Difference, firstOf, PARTS } from "./compare.js";
import { asList, asNumbers, type Fixture } from "./fixture.js";
import { readDirections } from "./fixture-history.js";

/** Recency weights by count, or hypervolume weights of points. */
export function checkWeights({ input, expected }: Fixture): Difference | null {
  if (input["values"] !== undefined) return checkContributions(input, expected);
  const lists = asList(expected["weights"], "weights");
  const counts = asNumbers(input["n"], "n");
  if (lists.length !== counts.length) return { path: "weights.length", expected: lists.length, found: counts.length };
  return firstOf(counts.map((n, i) => () => compareNumbers(`weights[${i}]`, lists[i], recencyWeights(n), PARTS)));
}

function checkContributions(input: Fixture["input"], expected: Fixture["expected"]): Difference | null {
  const signs = readDirections(input["directions"]).map((direction) => (direction === "maximize" ? -1 : 1));
  const points = asList(input["values"], "values").map((value) =>
    asNumbers(value, "values").map((v, i) => v * (signs[i] ?? 1)),
  );
  return firstOf([
    () => compareNumbers("reference_point", expected["reference_point"], referencePoint(points), PARTS),
    () => compareNumbers("weights", expected["weights"], contributionWeights(points), CONTRIBUTIONS),
  ]);
}
