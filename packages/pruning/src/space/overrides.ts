import { AppError, type FieldProblem, type ParameterOverride } from "@espalier/contracts";
import type { Parameter, ParameterValue } from "@espalier/search";
import { allowedChoices, OverrideProblem, resolveCondition } from "./conditions.js";
import type { SpaceEntry } from "./entry.js";

/**
 * Entries with a job's overrides carried out: a value fixes a parameter, `{low, high}` gives it a range (inside its
 * bounds), `{choices}` a list of values, and `when` beside them, or alone, a condition; each of these opens a closed
 * parameter.
 * Throws AppError VALIDATION_FAILED with one problem per faulty override, at `/search/space/<name>`.
 */
export function overrideEntries(
  entries: readonly SpaceEntry[],
  overrides: Readonly<Record<string, ParameterOverride>>,
): SpaceEntry[] {
  const presets = new Map(entries.map((entry) => [entry.parameter.name, entry]));
  const changed = new Map(presets);
  const problems: FieldProblem[] = [];
  const change = (name: string, change: (entry: SpaceEntry) => SpaceEntry): void => {
    const pointer = `/search/space/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    const entry = changed.get(name);
    if (entry === undefined) {
      problems.push({ detail: `Unknown parameter '${name}'. Known: ${[...presets.keys()].join(", ")}.`, pointer });
      return;
    }
    try {
      changed.set(name, change(entry));
    } catch (error) {
      if (!(error instanceof OverrideProblem)) throw error;
      problems.push({ detail: `Parameter '${name}': ${error.message}`, pointer });
    }
  };
  for (const [name, override] of Object.entries(overrides)) change(name, (entry) => overridden(entry, override));
  // Conditions are looked at once all entries are what the job makes of them, and all against these.
  const asAsked = new Map(changed);
  for (const { parameter } of asAsked.values()) {
    if (parameter.when !== undefined) change(parameter.name, (entry) => resolveCondition(entry, presets, asAsked));
  }
  if (problems.length > 0) throw new AppError("VALIDATION_FAILED", problems[0].detail, { errors: problems });
  return [...changed.values()];
}

function overridden(entry: SpaceEntry, override: ParameterOverride): SpaceEntry {
  if (typeof override !== "object" || override === null) {
    assertAllowed(entry, override);
    return { ...entry, neutral: override, open: false };
  }
  const moved = { ...withValues(entry, override), preset: entry.neutral, open: true };
  return override.when === undefined ? moved : { ...moved, parameter: { ...moved.parameter, when: override.when } };
}

function withValues(entry: SpaceEntry, override: Exclude<ParameterOverride, ParameterValue>): SpaceEntry {
  if ("choices" in override) {
    for (const value of override.choices) assertAllowed(entry, value);
    if (new Set(override.choices).size < override.choices.length) throw new OverrideProblem("choices repeat a value.");
    const parameter: Parameter = { name: entry.parameter.name, type: "categorical", choices: override.choices };
    return { ...entry, parameter, neutral: nearestChoice(entry.neutral, override.choices) };
  }
  return "low" in override ? ranged(entry, override) : entry;
}

/** Numbers inside the bounds, whole where the parameter is; choices among the parameter's own. */
function assertAllowed(entry: SpaceEntry, value: ParameterValue): void {
  const { parameter, bounds } = entry;
  if (bounds === undefined) {
    if (!allowedChoices(entry).includes(value)) {
      throw new OverrideProblem(`${JSON.stringify(value)} is not one of ${JSON.stringify(allowedChoices(entry))}.`);
    }
    return;
  }
  if (typeof value !== "number") throw new OverrideProblem(`${JSON.stringify(value)} is not a number.`);
  if (parameter.type === "int" && !Number.isInteger(value)) throw new OverrideProblem(`${value} is not whole.`);
  const { low, high } = bounds;
  if (!(value >= low && value <= high)) throw new OverrideProblem(`${value} is not between ${low} and ${high}.`);
}

function ranged(entry: SpaceEntry, override: Extract<ParameterOverride, { low: number }>): SpaceEntry {
  const { parameter } = entry;
  const { low, high, log, step } = override;
  const isGrid = parameter.type === "categorical";
  if (isGrid && entry.bounds === undefined) {
    throw new OverrideProblem(
      `takes {"choices": […]}, it has no range; choices: ${JSON.stringify(parameter.choices)}.`,
    );
  }
  assertAllowed(entry, low);
  assertAllowed(entry, high);
  if (low > high) throw new OverrideProblem(`low ${low} is above high ${high}.`);
  // Grids are spaced by factors, and so is a range in their place.
  const logarithmic = log ?? (isGrid ? step === undefined : parameter.log === true);
  if (logarithmic && low <= 0) throw new OverrideProblem(`a log range must start above 0, not at ${low}.`);
  if (logarithmic && step !== undefined) throw new OverrideProblem("log and step exclude each other.");
  if (parameter.type === "int" && step !== undefined && !Number.isInteger(step)) {
    throw new OverrideProblem(`step ${step} is not whole.`);
  }
  const changed: Parameter = {
    name: parameter.name,
    type: isGrid ? "float" : parameter.type,
    low,
    high,
    ...(logarithmic ? { log: true } : {}),
    ...(step === undefined ? {} : { step }),
  };
  return { ...entry, parameter: changed, neutral: nearestInRange(Number(entry.neutral), low, high, step) };
}

function nearestInRange(value: number, low: number, high: number, step: number | undefined): number {
  const clamped = Math.min(high, Math.max(low, value));
  if (step === undefined) return clamped;
  return low + step * Math.min(Math.floor((high - low) / step), Math.round((clamped - low) / step));
}

/** The value itself where it is a choice, the nearest number among numbers, else the first choice. */
function nearestChoice(value: ParameterValue, choices: readonly ParameterValue[]): ParameterValue {
  if (choices.includes(value) || typeof value !== "number") return choices.includes(value) ? value : choices[0];
  const distance = (choice: ParameterValue) => (typeof choice === "number" ? Math.abs(choice - value) : Infinity);
  return choices.reduce((best, choice) => (distance(choice) < distance(best) ? choice : best));
}
