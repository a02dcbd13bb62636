import { AppError, isTerminal, type JobId, type JobSpec } from "@espalier/contracts";
import { type Params, replayedPoints, transferPoints, withRounds } from "@espalier/search";
import type { EarlierSearch, ProfileOutcome, SearchPlan } from "./ports/records.js";
import type { JobStore } from "./ports/stores.js";

/** Results of the other job that are read, best first. */
const MOST_RESULTS = 200;

/** Of them, points that are tried again here. */
const MOST_STARTS = 5;

/** Relative difference under which two measurements of the dense model are of the same model and texts. */
const SAME_DENSE = 1e-6;

/** The search to start from, with its best results. Throws VALIDATION_FAILED at /search/warm_start for one that has not ended with a result. */
export async function readEarlierSearch(
  jobs: Pick<JobStore, "earlierSearch">,
  id: JobId,
  limit = MOST_RESULTS,
): Promise<EarlierSearch> {
  const earlier = await jobs.earlierSearch(id, limit);
  const isUsable = earlier !== undefined && isTerminal(earlier.state);
  if (isUsable && (earlier.results.length > 0 || earlier.refined !== null)) return earlier;
  const what =
    earlier === undefined
      ? `There is no job '${id}'`
      : isTerminal(earlier.state)
        ? `Job '${id}' has no completed trial`
        : `Job '${id}' is ${earlier.state}`;
  const detail = `${what}; a search can start from a finished job with results.`;
  throw new AppError("VALIDATION_FAILED", detail, { errors: [{ detail, pointer: "/search/warm_start" }] });
}

/**
 * A profile's plan with what another job found: after this job's own first start the rounds of its best refined plan, then
 * its best points, and, where model, texts and target are the same, its results told to the sampler. Of results that are told only the best is tried
 * again, so that it can win here.
 */
export function warmStarted(outcome: ProfileOutcome, spec: JobSpec, earlier: EarlierSearch): SearchPlan {
  const { plan, neutral } = outcome;
  const fixed = fixedValues(earlier.spec);
  const results = earlier.results.map(({ params, score }) => ({ params: { ...fixed, ...params }, score }));
  const points = transferPoints(plan.space, neutral, results);
  const told = isSameObjective(outcome, spec, earlier) ? points.filter(({ exact }) => exact) : [];
  const tried = points.filter((point) => point === told[0] || !told.includes(point)).slice(0, MOST_STARTS);
  const [first, ...others] = plan.starts;
  return {
    ...plan,
    starts: distinct([
      ...(first === undefined ? [] : [first]),
      ...refinedStarts(outcome, spec, earlier),
      ...tried.map(({ params }) => params),
      ...others,
    ]),
    given: [...plan.given, ...told.map(({ params, score }) => ({ params, score }))],
  };
}

/**
 * The other job's best refined plan, replayed on its own point where that is a point of this space too, and on this job's
 * first start; the other way round where something of the point is lost. None where refinement did not help there, or
 * is not wanted here.
 */
function refinedStarts({ plan, neutral }: ProfileOutcome, { search }: JobSpec, earlier: EarlierSearch): Params[] {
  const { refined, results } = earlier;
  if (refined === null || search.refinement === 0 || refined.score >= (results[0]?.score ?? refined.score + 1))
    return [];
  const theirs = { ...fixedValues(earlier.spec), ...withRounds(refined.params, []) };
  const [point] = transferPoints(plan.space, neutral, [{ params: theirs, score: refined.score }]);
  const own = plan.starts.slice(0, 1);
  const points = point === undefined ? own : point.exact ? [point.params, ...own] : [...own, point.params];
  return replayedPoints(refined.params, points);
}

/** What the other job did not search but set. */
function fixedValues({ search, compensation }: JobSpec): Params {
  const [metric, ...more] = search.metrics ?? [];
  const fixed = Object.entries(search.space).flatMap(([name, override]) =>
    typeof override === "object" && override !== null ? [] : [[name, override] as const],
  );
  return {
    ...(metric === undefined || more.length > 0 ? {} : { metric }),
    ...(compensation === "search" ? {} : { compensation }),
    ...Object.fromEntries(fixed),
  };
}

/** Whether a score there is a score here. A file may have changed under its name: the dense model would show it. */
function isSameObjective({ dense }: ProfileOutcome, spec: JobSpec, earlier: EarlierSearch): boolean {
  const own = dense.scoring_perplexity ?? Number.NaN;
  const theirs = earlier.dense?.scoring_perplexity ?? Number.NaN;
  if (!(Math.abs(own / theirs - 1) < SAME_DENSE)) return false;
  const objective = ({ model, calibration, scoring, target, search }: JobSpec): string =>
    sortedJson([model, calibration, scoring, target, search.preset]);
  return objective(spec) === objective(earlier.spec);
}

/** Points in order, each once. */
function distinct(points: readonly Params[]): Params[] {
  const seen = new Set<string>();
  return points.filter((point) => {
    const key = sortedJson(point);
    const fresh = !seen.has(key);
    seen.add(key);
    return fresh;
  });
}

/** JSON with the keys of every object in order: the database keeps an order of its own. */
const sortedJson = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : inner,
  );
