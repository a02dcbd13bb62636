import type { Params } from "@espalier/search";
import { planFromSettings } from "../plan/index.js";
import { baselinePoint, informedStarts, type PruningSpace, settingsFromParameters } from "../space/index.js";
import type { Plan } from "../units/index.js";
import { baselinePlan } from "./baseline-plan.js";
import type { BaselineScore } from "./baseline-score.js";
import type { GivenPoint } from "./context.js";
import type { JobContext } from "./job-context.js";
import { trialStatistics } from "./trial-statistics.js";

/** Metric around which points are tried first where the rest is refitted. */
const ORDER_START = "obs_fisher";

/** Gradient metric whose widths go well with an elimination order (measured on stories3M). */
const GRADIENT_START = "taylor_second";

/** The sampler draws at random until it knows this many points; nearly all such draws would be far worse than the start. */
const STARTUP_TRIALS = 10;
/** Moved points that take the place of those draws where no baselines are known. */
const MOVED_WITHOUT_BASELINES = 7;

/**
 * Baselines that are exact points of the space, with the score a trial there would have. A baseline whose plans the
 * space cannot express (the job's overrides exclude it) is left out, since its score would be told at a wrong place.
 */
export async function givenPoints(job: JobContext, scores: readonly BaselineScore[]): Promise<GivenPoint[]> {
  if (job.space.preset !== "espalier") return [];
  const given: GivenPoint[] = [];
  for (const group of bySettings(scores)) {
    const params = pointOf(job.space, group[0]);
    const total = group.reduce((sum, { objective }) => sum + (objective ?? Number.NaN), 0);
    if (params === undefined || !Number.isFinite(total) || !(await isExact(job, params, group))) continue;
    given.push({ params, score: total / group.length });
  }
  return given.sort((a, b) => a.score - b.score);
}

/** Scores at all sparsities of the same metric, allocation and compensation. */
function bySettings(scores: readonly BaselineScore[]): BaselineScore[][] {
  const groups = new Map<string, BaselineScore[]>();
  for (const score of scores) {
    const key = `${score.metric} ${score.allocation} ${score.compensation}`;
    groups.set(key, [...(groups.get(key) ?? []), score]);
  }
  return [...groups.values()];
}

function pointOf(space: PruningSpace, { metric, allocation, compensation }: BaselineScore): Params | undefined {
  if (!space.context.metrics.includes(metric)) return undefined;
  return baselinePoint(metric, space, { ...(allocation === "equal" ? {} : { allocation }), compensation });
}

async function isExact(job: JobContext, params: Params, group: readonly BaselineScore[]): Promise<boolean> {
  const settings = settingsFromParameters(job.space, params);
  if (settings.compensation !== group[0].compensation) return false;
  const statistics = await trialStatistics(job.materials, settings);
  const roundTo = job.spec.target.round_to;
  for (const { metric, allocation, sparsity } of group) {
    const wanted = await baselinePlan(job.materials, metric, allocation, sparsity, roundTo);
    const found = planFromSettings(job.materials.shape, settings, statistics, { sparsity, roundTo });
    if (!samePlan(found, wanted)) return false;
  }
  return true;
}

function samePlan(a: Plan, b: Plan): boolean {
  const text = (plan: Plan): string =>
    plan.layers.map(({ kvGroups, queryHeads, channels }) => `${kvGroups} ${queryHeads} ${channels}`).join(";");
  return text(a) === text(b);
}

/**
 * Points to try first: the best given baseline, so that the search never ends worse; then what the space's authors
 * expect to be good around the loss-aware elimination order, and that order with the widths of a gradient metric.
 * Without a refit that order means little: the gradient metric, or the best baseline's, takes its place.
 */
export function startingPoints(space: PruningSpace, given: readonly GivenPoint[]): Params[] {
  const { metrics } = space.context;
  const best = given[0]?.params;
  if (space.preset !== "espalier") return informedStarts(space, metrics[0]);
  const refits = space.neutral["compensation"] === "least_squares";
  const leading = metrics.find((name) => best?.["metric"] === name);
  const preferred = refits ? ORDER_START : (leading ?? GRADIENT_START);
  const settings = given.length < STARTUP_TRIALS ? { moved: MOVED_WITHOUT_BASELINES } : {};
  const [own, ...others] = informedStarts(space, metrics.includes(preferred) ? preferred : metrics[0], settings);
  const widths = metrics.includes(GRADIENT_START) ? [baselinePoint(GRADIENT_START, space)] : [];
  const ordered = widths.map((point) => (point["obs_share"] === undefined ? point : { ...point, obs_share: 1 }));
  return distinct([...(best === undefined ? [] : [best]), own, ...(refits ? ordered : []), ...others]);
}

/** Points in order, each once. */
function distinct(points: readonly Params[]): Params[] {
  const seen = new Set<string>();
  return points.filter((point) => {
    const key = JSON.stringify(point);
    const fresh = !seen.has(key);
    seen.add(key);
    return fresh;
  });
}
