import type { JobId, ParameterValue, SlicePoint, SlicesView } from "@espalier/contracts";
import type { SearchPlan } from "@espalier/pipeline";
import type { Database } from "../database/connect.js";
import { type AnalysedTrial, readAnalysedTrials } from "./analysed-trials.js";
import { rangeOf } from "./parameter-range.js";
import { thin } from "./thin.js";

type Parameter = SearchPlan["space"][number];

/** Score against each parameter: at most `points` trials at even distances, the best among them. */
export async function readSlices(database: Database, jobId: JobId, points: number): Promise<SlicesView> {
  const { space, trials, truncated } = await readAnalysedTrials(database, jobId);
  const best = bestOf(trials);
  return {
    trials: trials.length,
    truncated,
    parameters: (space ?? []).map((parameter) => ({
      ...rangeOf(parameter),
      best: best && pointOf(parameter, best),
      points: slicePoints(parameter, trials, best, points),
    })),
  };
}

/** Lowest score; of equal ones the first. */
function bestOf(trials: readonly AnalysedTrial[]): AnalysedTrial | null {
  return trials.reduce<AnalysedTrial | null>(
    (best, trial) => (best === null || trial.score < best.score ? trial : best),
    null,
  );
}

const parameterValue = ({ params }: AnalysedTrial, { name }: Parameter): ParameterValue | undefined => params[name];

function pointOf(parameter: Parameter, trial: AnalysedTrial): SlicePoint | null {
  const value = parameterValue(trial, parameter);
  return value === undefined ? null : { value, score: trial.score, number: trial.number };
}

function slicePoints(
  parameter: Parameter,
  trials: readonly AnalysedTrial[],
  best: AnalysedTrial | null,
  points: number,
): SlicePoint[] {
  const having = trials.filter((trial) => parameterValue(trial, parameter) !== undefined);
  const thinned = thin(
    having.map((trial) => ({ trial, isKept: trial === best })),
    points,
  );
  return thinned.flatMap(({ trial }) => pointOf(parameter, trial) ?? []);
}
