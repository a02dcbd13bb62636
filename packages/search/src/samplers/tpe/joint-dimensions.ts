import { type History, inNumberOrder, isFinished, type Trial } from "../../history/trial.js";
import type { Dimension } from "../../space/dimension.js";
import { groupNames } from "./groups.js";
import type { TpeOptions } from "./options.js";

/** Parts the dimensions into the sets that share one joint density, in the order of the space. */
export function jointDimensions(
  dimensions: readonly Dimension[],
  history: History,
  { multivariate, joint }: Pick<TpeOptions, "multivariate" | "joint">,
): (readonly Dimension[])[] {
  if (!multivariate) return dimensions.map((dimension) => [dimension]);
  if (joint === "all") return byCondition(dimensions);
  const finished = inNumberOrder(history.trials).filter(isFinished);
  return joint === "intersection" ? byIntersection(dimensions, finished) : byGroup(dimensions, finished);
}

/** Those that always exist, and those that exist under one and the same condition. */
function byCondition(dimensions: readonly Dimension[]): (readonly Dimension[])[] {
  const groups = new Map<string, Dimension[]>();
  for (const dimension of dimensions) {
    const condition = JSON.stringify(dimension.when ?? null);
    groups.set(condition, [...(groups.get(condition) ?? []), dimension]);
  }
  return [...groups.values()];
}

/** Those that all finished trials have together, the others one by one. */
function byIntersection(dimensions: readonly Dimension[], finished: readonly Trial[]): (readonly Dimension[])[] {
  const common = dimensions.filter(({ name }) => finished.every((trial) => Object.hasOwn(trial.params, name)));
  const others = dimensions.filter((dimension) => !common.includes(dimension));
  return [...(common.length > 0 ? [common] : []), ...others.map((dimension) => [dimension])];
}

/** Those that occur in the same trials together; one that no trial has stands alone. */
function byGroup(dimensions: readonly Dimension[], finished: readonly Trial[]): (readonly Dimension[])[] {
  const names = dimensions.map(({ name }) => name);
  const present = finished.map(({ params }) => names.filter((name) => Object.hasOwn(params, name)));
  const groups = groupNames(present);
  const grouped = groups.map((group) => dimensions.filter(({ name }) => group.includes(name)));
  const alone = dimensions.filter(({ name }) => !groups.some((group) => group.includes(name)));
  return [...grouped, ...alone.map((dimension) => [dimension])];
}
