import type { History } from "../history/trial.js";
import { type Acquisition, acquisition, densities } from "../samplers/tpe/acquisition.js";
import type { TpeOptions } from "../samplers/tpe/options.js";
import type { Split } from "../samplers/tpe/split.js";
import { splitHistory } from "../samplers/tpe/tpe-sampler.js";
import type { Dimension } from "../space/dimension.js";
import { CONTRIBUTIONS, compareNumbers, type Difference, exact, firstOf, LOGS, PARTS } from "./compare.js";
import { asList, asNames, asNumbers, asObject, type Fixture, type Json } from "./fixture.js";
import { readHistory, readSpace } from "./fixture-history.js";
import { fixtureOptions } from "./fixture-options.js";

/** Candidates this near to the best one in acquisition count as the best. */
const TIE = 1e-9;

interface Setting {
  readonly space: readonly Dimension[];
  readonly history: History;
  readonly split: Split;
  readonly options: TpeOptions;
}

/** The split, and for each evaluation the mixture weights, log densities, acquisition values and the choice. */
export function checkAcquisition(fixture: Fixture): Difference | null {
  const { input, expected } = fixture;
  const space = readSpace(input["space"]);
  const history = readHistory(input, space);
  const options = fixtureOptions(fixture);
  const split = splitHistory(history, options);
  const setting = { space, history, split, options };
  const evaluations = asList(input["evaluations"], "evaluations");
  const wanted = asList(expected["evaluations"], "evaluations");
  const numbers = (side: "below" | "above"): number[] => split[side].map(({ number }) => number);
  if (wanted.length !== evaluations.length) {
    return { path: "evaluations.length", expected: wanted.length, found: evaluations.length };
  }
  return firstOf([
    () => compareNumbers("below", expected["below"], numbers("below"), exact),
    () => compareNumbers("above", expected["above"], numbers("above"), exact),
    ...evaluations.map((evaluation, i) => () => {
      const path = `evaluations[${i}]`;
      return checkEvaluation(path, asObject(evaluation, path), asObject(wanted[i], path), setting);
    }),
  ]);
}

function checkEvaluation(path: string, evaluation: Json, expected: Json, setting: Setting): Difference | null {
  const names = asNames(evaluation["params"], `${path}.params`);
  const dimensions = names.map((name) => {
    const dimension = setting.space.find((d) => d.name === name);
    if (dimension === undefined) throw new TypeError(`${path}: '${name}' is not in the space`);
    return dimension;
  });
  const candidates = asObject(evaluation["candidates"], `${path}.candidates`);
  const columns = names.map((name) => Float64Array.from(asNumbers(candidates[name], name)));
  const pair = densities(dimensions, setting.split, setting.history.directions, setting.options);
  const found = acquisition(pair, columns, columns[0]?.length ?? 0);
  const weightsNear = setting.history.directions.length > 1 ? CONTRIBUTIONS : PARTS;
  return firstOf([
    () => compareNumbers(`${path}.below_weights`, expected["below_weights"], pair.below.weights, weightsNear),
    () => compareNumbers(`${path}.above_weights`, expected["above_weights"], pair.above.weights, PARTS),
    () => compareNumbers(`${path}.log_l`, expected["log_l"], found.logBelow, LOGS),
    () => compareNumbers(`${path}.log_g`, expected["log_g"], found.logAbove, LOGS),
    () => compareNumbers(`${path}.acquisition`, expected["acquisition"], found.values, LOGS),
    () => compareChoice(path, expected, found, columns),
  ]);
}

/** The choice must be the expected one; a rival that is not the same candidate may win a tie. */
function compareChoice(
  path: string,
  expected: Json,
  found: Acquisition,
  columns: readonly Float64Array[],
): Difference | null {
  const wanted = Number(expected["argmax"]);
  if (found.argmax === wanted) return null;
  const identical = columns.every((column) => column[wanted] === column[found.argmax]);
  const best = asNumbers(expected["acquisition"], "acquisition");
  const tied = Number(expected["margin"]) <= TIE && Math.abs(best[wanted] - best[found.argmax]) <= TIE;
  return tied && !identical ? null : { path: `${path}.argmax`, expected: wanted, found: found.argmax };
}
