import { isSingle } from "../space/dimension.js";
import { type Difference, firstOf } from "./compare.js";
import { asList, asObject, type Fixture } from "./fixture.js";
import { readDimension } from "./fixture-history.js";

/** Normalised ranges: each value that the fixture names must be the same. */
export function checkDistributions({ input, expected }: Fixture): Difference | null {
  const given = asList(input["distributions"], "distributions");
  const wanted = asList(expected["distributions"], "distributions");
  if (given.length !== wanted.length) {
    return { path: "distributions.length", expected: wanted.length, found: given.length };
  }
  return firstOf(
    given.map((parameter, i) => () => {
      const dimension = readDimension(parameter);
      const found: Record<string, unknown> = { ...dimension, single: isSingle(dimension) };
      const known = Object.entries(asObject(wanted[i], `distributions[${i}]`)).filter(([key]) => key in found);
      const wrong = known.find(([key, value]) => JSON.stringify(value) !== JSON.stringify(found[key]));
      if (wrong === undefined) return null;
      return { path: `distributions[${i}].${wrong[0]}`, expected: wrong[1], found: found[wrong[0]] };
    }),
  );
}
