import type { Direction, History, Trial, TrialState } from "../history/trial.js";
import { type Dimension, toDimension } from "../space/dimension.js";
import { decodeValue } from "../space/encoding.js";
import type { Params } from "../space/parameter.js";
import { readParameter } from "../space/read-parameter.js";
import { asList, asNames, asNumbers, asObject, type Json } from "./fixture.js";

/** States as the fixtures write them; others (waiting) do not count, like failed ones. */
const STATES: ReadonlyMap<string, TrialState> = new Map([
  ["COMPLETE", "complete"],
  ["PRUNED", "pruned"],
  ["RUNNING", "running"],
]);

/** State of a fixture's trial. */
export const readState = (text: unknown): TrialState => STATES.get(String(text).toUpperCase()) ?? "failed";

/** A fixture's parameter; normalisation lists have no names. */
export function readDimension(value: unknown): Dimension {
  return toDimension(readParameter({ name: "unnamed", ...asObject(value, "parameter") }, "ignore"));
}

/** A fixture's space. */
export const readSpace = (value: unknown): Dimension[] => asList(value, "space").map(readDimension);

function readParams(values: Json, dimensions: readonly Dimension[]): Params {
  const known = dimensions.filter(({ name }) => Object.hasOwn(values, name));
  return Object.fromEntries(known.map((d) => [d.name, decodeValue(d, Number(values[d.name]))]));
}

function readTrial(value: unknown, dimensions: readonly Dimension[]): Trial {
  const trial = asObject(value, "trial");
  const { values, intermediate_values: reports, constraints } = trial;
  return {
    number: Number(trial["number"]),
    state: readState(trial["state"]),
    params: readParams(asObject(trial["params"] ?? {}, "params"), dimensions),
    ...(values == null ? {} : { values: asNumbers(values, "values") }),
    ...(constraints == null ? {} : { constraints: asNumbers(constraints, "constraints") }),
    ...(reports == null ? {} : { intermediate: asList(reports, "intermediate_values").map(readReport) }),
  };
}

function readReport(value: unknown): readonly [number, number] {
  const [step = Number.NaN, reported = Number.NaN] = asNumbers(value, "report");
  return [step, reported];
}

/** Directions of a fixture's objectives. */
export function readDirections(value: unknown): Direction[] {
  return asNames(value, "directions").map((name) => (name.toLowerCase() === "maximize" ? "maximize" : "minimize"));
}

/** A fixture's history; categorical values, indexes in the file, become choices. */
export function readHistory(input: Json, dimensions: readonly Dimension[]): History {
  return {
    directions: readDirections(input["directions"]),
    trials: asList(input["trials"], "trials").map((trial) => readTrial(trial, dimensions)),
  };
}
