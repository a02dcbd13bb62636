import type {
  ArtifactList,
  ArtifactView,
  CalibrationView,
  ComparisonView,
  EventView,
  ExportView,
  HistoryQuery,
  HistoryView,
  ImportanceQuery,
  ImportanceView,
  JobId,
  JobQuery,
  JobView,
  LayersView,
  Page,
  ParallelView,
  ParetoView,
  PartialTrial,
  SlicesView,
  TrialQuery,
  TrialView,
} from "@espalier/contracts";

import type { TrialColumns } from "./trial-columns.js";

export interface EventsQuery {
  /** Only events with a larger sequence number. */
  readonly after: number;
  readonly limit: number;
  /** Only what was told of this trial. */
  readonly trial?: number | undefined;
}

/**
 * What the API reads, in the shapes of the contracts. Rejects with AppError `JOB_NOT_FOUND`, `TRIAL_NOT_FOUND`,
 * `ARTIFACT_NOT_FOUND` or `CURSOR_INVALID`.
 */
export interface Views {
  job(id: JobId): Promise<JobView>;
  jobs(query: JobQuery): Promise<Page<JobView>>;
  trial(jobId: JobId, number: number): Promise<TrialView>;
  /** Whole trials. In all sorts nulls come last and equal values are ordered by number. */
  trials(jobId: JobId, query: TrialQuery): Promise<Page<TrialView>>;
  /** The same, of each trial the query's `fields`. */
  trialFields(jobId: JobId, query: TrialQuery): Promise<Page<PartialTrial>>;
  trialColumns(jobId: JobId): Promise<TrialColumns>;
  /** At most `points` settled trials by number, every improvement of the range among them as long as there is room. */
  history(jobId: JobId, query: HistoryQuery): Promise<HistoryView>;
  comparison(jobId: JobId): Promise<ComparisonView>;
  /** Of trials that were not refined, at most ANALYSED_TRIALS of them, as are slices. */
  importance(jobId: JobId, query: ImportanceQuery): Promise<ImportanceView>;
  /** At most `points` of each parameter. */
  slices(jobId: JobId, points: number): Promise<SlicesView>;
  /** At most `points` of the same trials, all parameters of each. */
  calibration(jobId: JobId): Promise<CalibrationView>;
  parallel(jobId: JobId, points: number): Promise<ParallelView>;
  /** Of the best completed trial where no number is given. */
  layers(jobId: JobId, number?: number): Promise<LayersView>;
  pareto(jobId: JobId): Promise<ParetoView>;
  /** Empty until the job succeeded; of one export where its name is given. */
  artifacts(jobId: JobId, exportName?: string): Promise<ArtifactList>;
  artifact(jobId: JobId, name: string): Promise<ArtifactView>;
  export(jobId: JobId, name: string): Promise<ExportView>;
  /** By sequence number, ascending. */
  events(jobId: JobId, query: EventsQuery): Promise<readonly EventView[]>;
}
