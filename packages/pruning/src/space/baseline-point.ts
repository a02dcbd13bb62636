import { holds, type Parameter, type ParameterValue, type Params } from "@espalier/search";
import type { PruningSpace } from "./pruning-space.js";

/** How a single-metric baseline is carried out. */
export interface BaselineSettings {
  /** Default `global`. */
  readonly allocation?: "global" | "uniform";
  readonly compensation?: "none" | "bias" | "least_squares";
}

/**
 * The point of the space that is a single metric's baseline: that metric alone, every other parameter neutral.
 * Exact unless the job's overrides exclude a value; then the nearest value of the space stands in.
 * Throws RangeError for a metric that is not part of the space.
 */
export function baselinePoint(metric: string, space: PruningSpace, settings: BaselineSettings = {}): Params {
  if (!space.context.metrics.includes(metric)) {
    throw new RangeError(`metric '${metric}' is not in the space (${space.context.metrics.join(", ")})`);
  }
  const wanted = new Map<string, ParameterValue>([["metric", metric]]);
  for (const name of space.context.metrics) wanted.set(`metric.${name}`, 0);
  if (settings.allocation !== undefined) wanted.set("allocation", settings.allocation);
  if (settings.compensation !== undefined) wanted.set("compensation", settings.compensation);
  return pointNear(space, wanted);
}

/**
 * A point with the wanted values where the space allows them, the nearest allowed value or the neutral one elsewhere.
 * Parameters whose condition does not hold are left out.
 */
export function pointNear(space: PruningSpace, wanted: ReadonlyMap<string, ParameterValue>, from?: Params): Params {
  const point = Object.fromEntries(
    space.parameters.map((parameter) => {
      const rest = from?.[parameter.name] ?? space.neutral[parameter.name];
      return [parameter.name, nearestValue(parameter, wanted.get(parameter.name) ?? rest, rest)];
    }),
  );
  const present = space.parameters.filter(({ when }) => holds(when, point));
  return Object.fromEntries(present.map(({ name }) => [name, point[name]]));
}

function nearestValue(parameter: Parameter, value: ParameterValue, otherwise: ParameterValue): ParameterValue {
  if (parameter.type === "categorical") return parameter.choices.includes(value) ? value : otherwise;
  if (typeof value !== "number") return otherwise;
  const { low, high } = parameter;
  const clamped = Math.min(high, Math.max(low, value));
  const step = parameter.step ?? (parameter.type === "int" && parameter.log !== true ? 1 : undefined);
  if (step === undefined) return clamped;
  return low + step * Math.min(Math.floor((high - low) / step), Math.round((clamped - low) / step));
}
