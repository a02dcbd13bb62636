import type {
  CalibrationRecord,
  DecoderShape,
  EvaluatedModel,
  Improvement,
  JobSpec,
  ModelDifference,
  TaskResult,
  TrialResult,
} from "@espalier/contracts";
import type { ExecutionProvider, WeightPrecision } from "@espalier/graph";
import type { ModelFolder } from "@espalier/model";
import type { Parameter, Params } from "@espalier/search";
import type { ProfileMode } from "../execution/profile-plan.js";
import type { RecoverableModel, Recovered, RecoveryProgress } from "../recovery/index.js";
import type { Plan } from "../units/index.js";

/** What `openSearchContext` needs; every path is absolute and already checked against the configured roots. */
export interface SearchContextOptions {
  readonly modelPath: string;
  readonly spec: JobSpec;
  readonly corpusPaths: CorpusPaths;
  /** Root of stored statistics; profiles live in `<dataDir>/<key>/` and are shared by all jobs. */
  readonly dataDir: string;
  /** Asked for a profile that is not there before it is computed: may bring it from where other machines keep theirs. */
  readonly fetchStatistics?: (key: string) => Promise<void>;
  readonly provider?: ExecutionProvider;
  /** "half": trials read matrices in float16, as `openForwardPool` says; statistics and the report do not. Default "full". */
  readonly weightPrecision?: WeightPrecision;
  /** Threads inside an operation; default 1. */
  readonly threads?: number;
  /** Bound on the memory of the numbers held, in bytes; default 4 GiB. */
  readonly memoryBytes?: number;
  /** How statistics are computed; default "auto": block by block where all of the model at once does not fit. */
  readonly profileMode?: ProfileMode | undefined;
  /** Half as many windows a run as the memory allows, in every pass: less memory, the same sums but for rounding. */
  readonly halfBatch?: boolean;
  readonly onProgress?: (progress: ContextProgress) => void;
  /** Looked at between micro-batches; aborting rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Folders that links inside the model's folder may lead into; default: only the folder itself. */
  readonly linkRoots?: readonly string[];
}

/** Absolute corpus files, in the order of the job's splits. */
export interface CorpusPaths {
  readonly calibration: string;
  readonly scoring: readonly string[];
  readonly report: string;
  /** Task files of the evaluation; left out: nothing is evaluated, whatever the job asks for. */
  readonly tasks?: readonly string[];
}

/** How far a long step is. */
export interface ContextProgress {
  readonly stage: "profile" | "baselines" | "score" | "report";
  readonly done: number;
  readonly of: number;
}

/** What a single call may be given to be watched and stopped. */
export interface StepOptions {
  readonly onProgress?: (progress: ContextProgress) => void;
  readonly signal?: AbortSignal;
}

/** How a recovery is watched, stopped and kept. */
export interface RecoverOptions extends Pick<StepOptions, "signal"> {
  /** File that a training goes on from after a kill; absent: it begins again. */
  readonly checkpoint?: string;
  readonly onProgress?: (progress: RecoveryProgress) => void;
}

/** How a trial is watched, stopped and raced. */
export interface RaceOptions extends StepOptions {
  /**
   * `windowLosses` of the trial that this one races against, in a job with racing: a trial that loses to it clearly is
   * stopped early. Default: no race.
   */
  readonly rival?: readonly Float64Array[] | undefined;
}

/** Where a race was stopped. */
export interface StoppedRace {
  /** Scoring windows that were read. */
  readonly windows: number;
  /** The rival's score plus the mean difference to it on these windows: comparable with scores of whole trials. */
  readonly partial: number;
  /** Share of the scoring tokens that were read, in (0, 1). */
  readonly share: number;
}

/** What a point of the space scored. */
export interface TrialOutcome {
  /** Σ weight·log perplexity / Σ weight over the sources, averaged over the sparsities; null when infeasible or stopped. */
  readonly score: number | null;
  readonly results: readonly TrialResult[];
  /** NLL sum of each scoring window (sources joined in the job's order), one array per sparsity; NaN where it was not read. */
  readonly windowLosses: readonly Float64Array[];
  /** Why the point has no finite score. */
  readonly reason: string | null;
  /** Where it was stopped as hopeless against its rival; null when it was not. */
  readonly stopped: StoppedRace | null;
}

/** A point that was scored without the sampler having asked for it. */
export interface GivenPoint {
  readonly params: Params;
  readonly score: number;
}

/** Single metrics, scored on the scoring split, and what they tell the search. Plain data: it survives a process. */
export interface BaselineOutcome {
  /** Best allocation per metric, compensation and sparsity; `report_perplexity` is null. */
  readonly evaluated: readonly EvaluatedModel[];
  /** Points to try first; the first one is the best baseline that the space contains exactly. */
  readonly starts: readonly Params[];
  /** Baselines as points of the space, to be told to the sampler. */
  readonly given: readonly GivenPoint[];
}

/** A found plan to be measured on the report split. */
export interface Winner {
  readonly sparsity: number;
  readonly trialNumber: number;
  readonly params: Params;
  /** Scored again when it is left out. */
  readonly scoringPerplexity?: number | null;
}

/** Everything on the report split, which nothing else reads. */
export interface ReportOutcome {
  readonly dense: EvaluatedModel;
  readonly baselines: readonly EvaluatedModel[];
  readonly best: readonly EvaluatedModel[];
  /** Against the baseline with the lowest report perplexity at the same sparsity. */
  readonly improvement: readonly Improvement[];
  /** Of every winner, against the dense model and each baseline of its sparsity. */
  readonly differences: readonly ModelDifference[];
  /** Report NLL sum per window of each winner, in order: what an export is verified against. */
  readonly windowLosses: readonly Float64Array[];
}

/** What compensation puts in place of the dense projections: tensors by Hugging Face name, removed columns zero. */
export interface CompensatedWeights {
  /** `o_proj` and `down_proj` weights that differ from the dense ones, [out, in] in dense width. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** Biases [hidden] by graph input name (`bias.layers.{l}.{projection}`); empty unless the method is `bias`. */
  readonly biases: ReadonlyMap<string, Float32Array>;
  readonly method: "none" | "bias" | "least_squares";
}

/** A job's model, texts, statistics and scoring session, opened once; a trial only recombines, plans and runs forward. */
export interface SearchContext {
  readonly model: ModelFolder;
  readonly shape: DecoderShape;
  /** Content address of the statistics. */
  readonly profileKey: string;
  /** The statistics were there already. */
  readonly profileReused: boolean;
  readonly space: readonly Parameter[];
  /** Values of all known parameters in the neutral point. */
  readonly neutral: Params;
  /** Points to try first when baselines are not asked for. */
  readonly starts: readonly Params[];
  /** The dense weights, by Hugging Face name. */
  readonly weights: ReadonlyMap<string, Float32Array>;

  /** The calibration samples as a picture, and what trials weigh them by. */
  calibration(): Promise<CalibrationRecord>;
  /** The dense model on the scoring split. */
  dense(step?: StepOptions): Promise<EvaluatedModel>;
  baselines(step?: StepOptions): Promise<BaselineOutcome>;
  /**
   * Scores a point at every sparsity of the job: no backward pass, no session rebuilt. A pure function of `params` and the
   * rival.
   */
  score(params: Params, step?: RaceOptions): Promise<TrialOutcome>;
  /** The plan of a point at a sparsity. */
  plan(params: Params, sparsity: number): Promise<Plan>;
  /** The weights that the point's compensation gives for a plan. */
  compensatedWeights(params: Params, plan: Plan): Promise<CompensatedWeights>;
  /** NLL sum of each report window under a plan and its compensation, masked: what a sliced export must reproduce. */
  maskedReportLosses(plan: Plan, compensated: CompensatedWeights, step?: StepOptions): Promise<Float64Array>;
  /** The report windows, token ids each. Read only once the search is over. */
  reportWindows(): Promise<readonly Int32Array[]>;
  /**
   * Repairs a sliced model as the job says, on its calibration and scoring texts: a pure function of the model and the job.
   * Throws AppError RECOVERY_DIVERGED, RangeError for a job without recovery.
   */
  recover(pruned: RecoverableModel, options?: RecoverOptions): Promise<Recovered>;
  /** The job's zero-shot tasks for a model with its plan carried out; undefined for a job that asks for none. */
  evaluate(model: RecoverableModel, step?: StepOptions): Promise<TaskResult[] | undefined>;
  report(winners: readonly Winner[], baselines: readonly EvaluatedModel[], step?: StepOptions): Promise<ReportOutcome>;
  close(): Promise<void>;
}
