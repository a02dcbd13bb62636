import { AppError, type CreateJobBody, type ParameterOverride } from "@espalier/contracts";
import type { Parameter, ParameterValue, Params } from "@espalier/search";
import { measuredMetricNames } from "../importance/metrics/registry.js";
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

/** Every metric that a job may name. */
export const importanceNames: readonly string[] = [...measuredMetricNames, "obs", "obs_fisher"];

/** What the trials of one job decide: parameters to search, and values that stay. */
export interface PruningSpace {
  readonly preset: PresetName;
  readonly context: SpaceContext;
  /** What the sampler searches, in a fixed order. */
  readonly parameters: readonly Parameter[];
  /** Values of all known parameters in the neutral point; those not searched always have them. */
  readonly neutral: Params;
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
  assertMetrics(preset, context.metrics);
  const entries = overrideEntries(registry[preset](context), overrides);
  return {
    preset,
    context,
    parameters: entries.filter((entry) => entry.open).map((entry) => entry.parameter),
    neutral: Object.fromEntries(
      entries.map((entry): [string, ParameterValue] => [entry.parameter.name, entry.neutral]),
    ),
  };
}

/** Values of all known parameters: those given, the neutral ones for the rest. Names outside the space are ignored. */
export function completePoint(space: PruningSpace, params: Params): Params {
  const searched = new Set(space.parameters.map((parameter) => parameter.name));
  return Object.fromEntries(
    Object.entries(space.neutral).map(([name, value]) => [
      name,
      searched.has(name) && params[name] !== undefined ? params[name] : value,
    ]),
  );
}

function assertMetrics(preset: PresetName, metrics: readonly string[]): void {
  const known: readonly string[] = preset === "adapruner" ? adaprunerMetrics : importanceNames;
  const errors = metrics.flatMap((metric, i) =>
    known.includes(metric)
      ? []
      : [
          {
            detail: `Unknown metric '${metric}' for preset '${preset}'. Known: ${known.join(", ")}.`,
            pointer: `/search/metrics/${i}`,
          },
        ],
  );
  if (metrics.length === 0) throw new RangeError("a space needs at least one metric");
  if (errors.length > 0) throw new AppError("VALIDATION_FAILED", errors[0].detail, { errors });
}
