import type { CursorCodec } from "../cursors/cursor.js";
import type { Database } from "../database/connect.js";
import { readArtifact, readArtifacts } from "./artifact-view.js";
import { readCalibration } from "./calibration-view.js";
import { readComparison } from "./comparison-view.js";
import { readEvents } from "./event-view.js";
import { readExport } from "./export-view.js";
import { readHistory } from "./history-view.js";
import { readImportance } from "./importance-view.js";
import { jobView, readJobRow, readJobs } from "./job-view.js";
import { readLayers } from "./layers-view.js";
import { readParallel } from "./parallel-view.js";
import { readPareto } from "./pareto-view.js";
import { readSlices } from "./slices-view.js";
import { readTrialColumns } from "./trial-columns.js";
import { readTrial, readTrialFields, readTrials } from "./trial-view.js";
import type { Views } from "./views.js";

/** Reads for the API. */
export function makeViews(database: Database, cursors: CursorCodec): Views {
  return {
    job: async (id) => jobView(await readJobRow(database, id)),
    jobs: (query) => readJobs(database, cursors, query),
    trial: (jobId, number) => readTrial(database, jobId, number),
    trials: (jobId, query) => readTrials(database, cursors, jobId, query),
    trialFields: (jobId, query) => readTrialFields(database, cursors, jobId, query),
    trialColumns: (jobId) => readTrialColumns(database, jobId),
    history: (jobId, query) => readHistory(database, jobId, query),
    comparison: (jobId) => readComparison(database, jobId),
    importance: (jobId, query) => readImportance(database, jobId, query),
    slices: (jobId, points) => readSlices(database, jobId, points),
    calibration: (jobId) => readCalibration(database, jobId),
    parallel: (jobId, points) => readParallel(database, jobId, points),
    layers: (jobId, number) => readLayers(database, jobId, number),
    pareto: (jobId) => readPareto(database, jobId),
    artifacts: (jobId, exportName) => readArtifacts(database, jobId, exportName),
    artifact: (jobId, name) => readArtifact(database, jobId, name),
    export: (jobId, name) => readExport(database, jobId, name),
    events: (jobId, query) => readEvents(database, jobId, query),
  };
}
