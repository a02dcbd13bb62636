import { type JobId, type ParallelView, TOP_SHARE } from "@espalier/contracts";
import type { SearchPlan } from "@espalier/pipeline";
import type { Database } from "../database/connect.js";
import { type AnalysedTrial, readAnalysedScores, type ScoredTrial } from "./analysed-trials.js";
import { rangeOf } from "./parameter-range.js";
import { evenly } from "./thin.js";

type Parameter = SearchPlan["space"][number];

/**
 * Trials with all their parameters, at most `points`: of the best tenth the best, and others at even distances. Which ones
 * is decided by scores alone; parameters are read of the chosen.
 */
export async function readParallel(database: Database, jobId: JobId, points: number): Promise<ParallelView> {
  const { space, trials, truncated } = await readAnalysedScores(database, jobId);
  const best = bestTenth(trials);
  const numbers = chosen(trials, best, points).map(({ number }) => number);
  const rows = await database.$queryRaw<AnalysedTrial[]>`
    SELECT number, params, score FROM trials
    WHERE job_id = ${jobId} AND number = ANY(${numbers}::int[]) ORDER BY number`;
  return {
    trials: trials.length,
    truncated,
    top_score: best.at(-1)?.score ?? null,
    axes: (space ?? []).map(rangeOf),
    rows: rows.map(({ number, score, params }) => ({
      number,
      score,
      values: (space ?? []).map((parameter) => placeOf(parameter, params)),
    })),
  };
}

/** Best first; ties by number. */
function bestTenth(trials: readonly ScoredTrial[]): readonly ScoredTrial[] {
  const sorted = trials.toSorted((a, b) => a.score - b.score || a.number - b.number);
  return sorted.slice(0, Math.ceil(trials.length * TOP_SHARE));
}

/** All, or of the best so many that they are at most half; the rest evenly of the others. */
function chosen(trials: readonly ScoredTrial[], best: readonly ScoredTrial[], points: number): readonly ScoredTrial[] {
  if (trials.length <= points) return trials;
  const kept = best.slice(0, Math.floor(points / 2));
  const known = new Set(best);
  const others = trials.filter((trial) => !known.has(trial));
  return [...kept, ...evenly(others, points - kept.length)];
}

function placeOf(parameter: Parameter, params: AnalysedTrial["params"]): number | null {
  const value = params[parameter.name];
  if (value === undefined) return null;
  if (parameter.type !== "categorical") return typeof value === "number" ? value : null;
  const place = parameter.choices.indexOf(value);
  return place < 0 ? null : place;
}
