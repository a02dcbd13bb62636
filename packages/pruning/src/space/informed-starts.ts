import { type ParameterValue, type Params, type Rng, streamRng } from "@espalier/search";
import { type BaselineSettings, baselinePoint, pointNear } from "./baseline-point.js";
import type { PruningSpace } from "./pruning-space.js";

type Changes = Readonly<Record<string, ParameterValue>>;

/** Changes against a baseline of another metric that are worth a trial each, most promising first. */
const orderRefinements: readonly Changes[] = [{ obs_share: 1 }, { obs_share: 0.5 }];
/** A compensated metric (`obs`, `obs_fisher`) ranks as the elimination order does, so only the ridge is left to vary. */
const ridgeRefinements: readonly Changes[] = [{ lambda: 1e-2 }, { lambda: 1e-4 }];

/** Where a search may let query heads leave: as their importance says, and with more care. */
const queryHeadRefinements: readonly Changes[] = [{ query_heads: 1 }, { query_heads: 0.5 }];

/** Points whose widths are moved a little: the first differences that a local model learns from. */
const MOVED_STARTS = 3;
/** Standard deviation of a moved width factor: about 12 % of a layer's channels. */
const WIDTH_DEVIATION = 0.12;
/** KV groups are few; a group moves only with a factor of about 0.4. */
const ATTENTION_DEVIATION = 0.25;
/** Moved points leave most of the choice of units to the elimination order. */
const LEAST_OBS_SHARE = 0.7;

export interface StartSettings extends BaselineSettings {
  /** Stream of the moved points; default 0. */
  readonly seed?: number;
  /** Number of moved points; default 3. */
  readonly moved?: number;
}

/**
 * Points to try before the sampler proposes any: the best baseline itself, so that the search never ends worse; the
 * same where query heads may leave; the same with the elimination order deciding which units leave (or with another
 * ridge, where it already does); and small moves of the widths around it. Points that coincide in this space are given
 * once.
 */
export function informedStarts(space: PruningSpace, bestMetric: string, settings: StartSettings = {}): Params[] {
  if (space.preset === "adapruner") return [pointNear(space, new Map())];
  const best = baselinePoint(bestMetric, space, settings);
  const refinements = [
    ...queryHeadRefinements,
    ...(bestMetric.startsWith("obs") ? ridgeRefinements : orderRefinements),
  ];
  const starts = [best, ...refinements.map((changes) => pointNear(space, new Map(Object.entries(changes)), best))];
  for (let i = 0; i < (settings.moved ?? MOVED_STARTS); i++)
    starts.push(moved(space, best, streamRng(settings.seed ?? 0, i)));
  const seen = new Set<string>();
  return starts.filter((point) => {
    const key = JSON.stringify(point);
    const fresh = !seen.has(key);
    seen.add(key);
    return fresh;
  });
}

function moved(space: PruningSpace, from: Params, rng: Rng): Params {
  const changes = new Map<string, ParameterValue>([["obs_share", 1 - (1 - LEAST_OBS_SHARE) * rng.next()]]);
  for (const { name } of space.parameters) {
    if (name.startsWith("width.mlp.")) changes.set(name, WIDTH_DEVIATION * bellDraw(rng));
    if (name.startsWith("width.attention.")) changes.set(name, ATTENTION_DEVIATION * bellDraw(rng));
  }
  return pointNear(space, changes, from);
}

/** Bell-shaped number of mean 0 and standard deviation 1: three uniform draws have variance 1/4 together. */
function bellDraw(rng: Rng): number {
  return 2 * (rng.next() + rng.next() + rng.next() - 1.5);
}
