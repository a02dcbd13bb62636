import type { Condition, Parameter, ParameterValue } from "@espalier/search";
import type { SpaceEntry } from "./entry.js";

/** What is wrong with one override, for the caller to read. */
export class OverrideProblem extends Error {}

/**
 * An entry with its condition brought to what is left to decide: names that are fixed, or whose every choice will do, are
 * taken out; where the condition can never hold the entry is closed at its preset's value.
 * Throws OverrideProblem for a condition on an unknown parameter, on a number, on a conditional parameter, or on a value
 * that the parameter cannot have.
 */
export function resolveCondition(
  entry: SpaceEntry,
  presets: ReadonlyMap<string, SpaceEntry>,
  entries: ReadonlyMap<string, SpaceEntry>,
): SpaceEntry {
  const { when, ...rest } = entry.parameter;
  const parameter: Parameter = rest;
  if (when === undefined) return entry;
  const open: Record<string, readonly ParameterValue[]> = {};
  for (const [name, values] of Object.entries(when)) {
    const possible = possibleValues(name, values, presets.get(name), entries.get(name));
    const met = possible.filter((value) => values.includes(value));
    if (met.length === 0) return { ...entry, parameter, neutral: entry.preset ?? entry.neutral, open: false };
    if (met.length < possible.length) open[name] = met;
  }
  const condition: Condition = open;
  return { ...entry, parameter: Object.keys(open).length === 0 ? parameter : { ...parameter, when: condition } };
}

/** The values that a parameter can still have. */
function possibleValues(
  name: string,
  values: readonly ParameterValue[],
  preset: SpaceEntry | undefined,
  entry: SpaceEntry | undefined,
): readonly ParameterValue[] {
  if (preset === undefined || entry === undefined) throw new OverrideProblem(`'when' names the unknown '${name}'.`);
  const { parameter } = entry;
  if (parameter.when !== undefined) {
    throw new OverrideProblem(`'when' names '${name}', which is conditional itself; conditions do not nest.`);
  }
  if (parameter.type !== "categorical") {
    throw new OverrideProblem(`'when' names '${name}', which is a number; only a parameter with choices can be named.`);
  }
  const known = new Set([...allowedChoices(preset), ...parameter.choices, entry.neutral]);
  const unknown = values.find((value) => !known.has(value));
  if (unknown !== undefined) {
    throw new OverrideProblem(
      `'when' waits for '${name}' to be ${JSON.stringify(unknown)}, not one of ${JSON.stringify([...known])}.`,
    );
  }
  return entry.open ? parameter.choices : [entry.neutral];
}

/** What a job may choose among. The job's own field fixes the method of compensation, but `space` may still name any. */
export function allowedChoices({ parameter }: SpaceEntry): readonly ParameterValue[] {
  if (parameter.name === "compensation") return ["none", "bias", "least_squares"];
  return parameter.type === "categorical" ? parameter.choices : [];
}
