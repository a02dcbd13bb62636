import type { ParameterValue, Params } from "@espalier/search";
import { type BaselineSettings, baselinePoint, pointNear } from "./baseline-point.js";
import type { PruningSpace } from "./pruning-space.js";

/** Changes against the best baseline that are worth a trial each, most promising first. */
const refinements: readonly Readonly<Record<string, ParameterValue>>[] = [
  { obs_share: 1 },
  { obs_share: 0.5 },
  { obs_share: 0.75, lambda: 1e-2 },
];

/**
 * Points to try before the sampler proposes any: the best baseline itself, so that the search never ends worse, then
 * the same with `obs` deciding which units leave. Points that coincide in this space are given once.
 */
export function informedStarts(space: PruningSpace, bestMetric: string, settings: BaselineSettings = {}): Params[] {
  if (space.preset === "adapruner") return [pointNear(space, new Map())];
  const best = baselinePoint(bestMetric, space, settings);
  const starts = [best, ...refinements.map((changes) => pointNear(space, new Map(Object.entries(changes)), best))];
  const seen = new Set<string>();
  return starts.filter((point) => {
    const key = JSON.stringify(point);
    const fresh = !seen.has(key);
    seen.add(key);
    return fresh;
  });
}
