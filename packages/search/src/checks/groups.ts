import { isFinished } from "../history/trial.js";
import { commonNames, groupNames } from "../samplers/tpe/groups.js";
import { isSingle } from "../space/dimension.js";
import { compareNameSets, type Difference, firstOf } from "./compare.js";
import { asList, asNames, asObject, type Fixture, type Json } from "./fixture.js";
import { readDimension, readState } from "./fixture-history.js";

/** Parameters of one finished trial: each name with its range, empty where the fixture gives names only. */
type Ranges = ReadonlyMap<string, Json | null>;

function readRanges(params: unknown): Ranges {
  if (Array.isArray(params)) return new Map(asNames(params, "params").map((name) => [name, null]));
  return new Map(Object.entries(asObject(params, "params")).map(([name, range]) => [name, asObject(range, name)]));
}

/** Trials are lists of names, ranges by name, or either of these with a state; null for a trial that does not count. */
function readTrial(value: unknown): Ranges | null {
  if (Array.isArray(value)) return readRanges(value);
  const trial = asObject(value, "trial");
  if (typeof trial["state"] !== "string") return readRanges(trial);
  const counts = isFinished({ number: 0, state: readState(trial["state"]), params: {} });
  return counts ? readRanges(trial["params"] ?? []) : null;
}

/** One text per group and one for the whole partition, so that groups compare as sets of sets. */
const asText = (groups: readonly (readonly string[])[]): string[] =>
  groups.map((group) => JSON.stringify([...group].sort()));

const readGroups = (value: unknown): string[] =>
  asText(asList(value, "groups").map((group) => asNames(group, "group")));

/** Groups of parameters that occur together, and parameters that occur everywhere. */
export function checkGroups({ input, expected }: Fixture): Difference | null {
  const trials = asList(input["trials"], "trials").map(readTrial);
  const finished = trials.filter((trial) => trial !== null);
  const groupsOf = (some: readonly Ranges[]): string[] => asText(groupNames(some.map((trial) => [...trial.keys()])));
  const afterEach = asList(expected["groups_after_each_trial"] ?? [], "groups_after_each_trial");
  const common = commonNames(finished.map(rangeTexts));
  const relative = common.filter((name) => !finished.some((trial) => isSingleRange(trial, name)));
  const names =
    (key: string, found: string[]): (() => Difference | null) =>
    () =>
      expected[key] === undefined ? null : compareNameSets(key, asNames(expected[key], key), found);
  return firstOf([
    ...afterEach.map((groups, i) => () => {
      const found = groupsOf(trials.slice(0, i + 1).filter((trial) => trial !== null));
      return compareNameSets(`groups_after_each_trial[${i}]`, readGroups(groups), found);
    }),
    () =>
      expected["groups"] === undefined
        ? null
        : compareNameSets("groups", readGroups(expected["groups"]), groupsOf(finished)),
    names("intersection", common),
    names("relative_space", relative),
  ]);
}

/** Ranges in their normal form as texts, so that equal ranges are equal texts. */
function rangeTexts(trial: Ranges): Map<string, string> {
  return new Map([...trial].map(([name, range]) => [name, range === null ? "" : JSON.stringify(readDimension(range))]));
}

function isSingleRange(trial: Ranges, name: string): boolean {
  const range = trial.get(name) ?? null;
  return range !== null && isSingle(readDimension(range));
}
