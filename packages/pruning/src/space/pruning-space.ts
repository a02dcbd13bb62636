import { AppError, type CreateJobBody, type ParameterOverride } from "@espalier/contracts";
import { holds, type Parameter, type ParameterValue, type Params } from "@espalier/search";
import { hasExperts, importanceNames, knowsUnits } from "../importance/metrics-of.js";
import { adaprunerEntries, adaprunerMetrics } from "./adapruner.js";
import type { SpaceContext } from "./context.js";
import type { SpaceEntry } from "./entry.js";
import { espalierEntries } from "./espalier.js";
import { overrideEntries } from "./overrides.js";

export type PresetName = CreateJobBody["search"]["preset"];

const registry = { espalier: espalierEntries, adapruner: adaprunerEntries } as const satisfies Record<
  PresetName,
  (context: SpaceContext) => SpaceEntry[]
>;

/** What the trials of one job decide: parameters to search, and values that stay. */
export interface PruningSpace {
  readonly preset: PresetName;
  readonly context: SpaceContext;
  /** What the sampler searches, in a fixed order. */
  readonly parameters: readonly Parameter[];
  /** Values of all known parameters in the neutral point; those not searched always have them. */
  readonly neutral: Params;
  /** What conditional parameters are where their condition does not hold: neutral in the preset's own sense. */
  readonly inactive: Params;
}

/**
 * The space of a job: its preset's parameters with the job's overrides.
 * Throws AppError VALIDATION_FAILED with JSON pointers for an unknown metric, an unknown parameter (listing the known
 * ones) and an override that does not fit its parameter.
 */
export function pruningSpace(
  preset: PresetName,
  context: SpaceContext,
  overrides: Readonly<Record<string, ParameterOverride>> = {},
): PruningSpace {
  assertMetrics(preset, context);
  const entries = overrideEntries(registry[preset](context), overrides);
  const valuesOf = (some: readonly SpaceEntry[], value: (entry: SpaceEntry) => ParameterValue): Params =>
    Object.fromEntries(some.map((entry) => [entry.parameter.name, value(entry)]));
  const conditional = entries.filter(({ parameter }) => parameter.when !== undefined);
  return {
    preset,
    context,
    parameters: entries.filter((entry) => entry.open).map((entry) => entry.parameter),
    neutral: valuesOf(entries, ({ neutral }) => neutral),
    inactive: valuesOf(conditional, ({ preset: own, neutral }) => own ?? neutral),
  };
}

/**
 * Values of all known parameters: those given, the neutral ones for the rest and for those whose condition does not hold.
 * Names outside the space are ignored.
 */
export function completePoint(space: PruningSpace, params: Params): Params {
  const searched = new Set(space.parameters.map((parameter) => parameter.name));
  const given = Object.fromEntries(
    Object.entries(space.neutral).map(([name, value]) => [
      name,
      searched.has(name) && params[name] !== undefined ? params[name] : value,
    ]),
  );
  const absent = space.parameters.filter(({ when }) => !holds(when, given)).map(({ name }) => name);
  return { ...given, ...Object.fromEntries(absent.map((name) => [name, space.inactive[name]])) };
}

function assertMetrics(preset: PresetName, { metrics, shape }: SpaceContext): void {
  const ofPreset: readonly string[] = preset === "adapruner" ? adaprunerMetrics : importanceNames;
  const known = ofPreset.filter((metric) => knowsUnits(shape, metric));
  const model = hasExperts(shape) ? "a model with experts" : "a model without experts";
  const errors = metrics.flatMap((metric, i) =>
    known.includes(metric)
      ? []
      : [
          {
            detail: `Metric '${metric}' is not one of preset '${preset}' for ${model}. Choose among: ${known.join(", ")}.`,
            pointer: `/search/metrics/${i}`,
          },
        ],
  );
  if (metrics.length === 0) throw new RangeError("a space needs at least one metric");
  if (errors.length > 0) throw new AppError("VALIDATION_FAILED", errors[0].detail, { errors });
}
