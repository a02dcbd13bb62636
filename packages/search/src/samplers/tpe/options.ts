import { type GammaName, gammaRules } from "./gamma.js";

/** Kernel widths: gaps to the neighbouring observations, or Optuna 4.9's multivariate rule 0.2·n^(-1/(d+4))·range. */
export type BandwidthRule = "neighbour" | "scott";

/** Weights of the good trials of one objective: newer ones more, or by how far they beat the best of the bad ones. */
export type GoodWeightRule = "recency" | "improvement";

/** Weights of the good trials of several objectives: hypervolume contribution (MOTPE, Optuna 4.9), or all one (5.0). */
export type ObjectiveWeightRule = "hypervolume" | "equal";

/**
 * Which parameters share one joint density when `multivariate` is on: all of them (a trial that lacks one is left out;
 * parameters of one condition are a group of their own), those that every finished trial has (Optuna's default; the rest
 * one by one), or groups that always occur together.
 */
export type JointRule = "all" | "intersection" | "groups";

/** First proposals, before there is anything to learn from: independent draws, or draws that keep their distance. */
export type StartRule = "random" | "spread";

/** Every setting of the TPE sampler; `tpePresets` has named sets. */
export interface TpeOptions {
  /** One joint density of products of kernels instead of one density per parameter. */
  readonly multivariate: boolean;
  readonly joint: JointRule;
  readonly bandwidth: BandwidthRule;
  /** With `neighbour`: the range's ends count as neighbours of the outermost observations even when there are two or more. */
  readonly endpoints: boolean;
  /** With `neighbour`: the middle of the range counts as a neighbour too (Hyperopt, arXiv 2304.11127). */
  readonly priorNeighbour: boolean;
  /** Lower bound of the widths: range / min(100, n+2)^magicClipExponent, n observations. */
  readonly magicClip: boolean;
  readonly magicClipExponent: number;
  /** Lower bound of the widths as a share of the range; the larger of both bounds holds. */
  readonly minimumBandwidth: number;
  /** Weight of the uniform-like prior kernel against one observation of weight 1. */
  readonly priorWeight: number;
  /** Prior weight inside the rows of categorical kernels; null = `priorWeight`. */
  readonly categoricalPriorWeight: number | null;
  /** Running trials count as bad ones, so that parallel proposals keep apart. */
  readonly constantLiar: boolean;
  readonly startupTrials: number;
  readonly start: StartRule;
  /** Draws from the good density among which the acquisition chooses. */
  readonly candidates: number;
  readonly gamma: GammaName;
  /** The rule used instead of `gamma` when there are several objectives. */
  readonly gammaSeveral: GammaName;
  readonly goodWeights: GoodWeightRule;
  readonly objectiveWeights: ObjectiveWeightRule;
  /** Heed the trials' constraint values. */
  readonly constraints: boolean;
  /** What a trial without constraint values is, when constraints are heeded. */
  readonly missingConstraints: "feasible" | "infeasible";
  /** Share of the proposals, by chance, that are changes of the best trial instead (one objective only); 0 = none. */
  readonly localShare: number;
}

const optuna49: TpeOptions = {
  multivariate: false,
  joint: "intersection",
  bandwidth: "neighbour",
  endpoints: false,
  priorNeighbour: false,
  magicClip: true,
  magicClipExponent: 1,
  minimumBandwidth: 0,
  priorWeight: 1,
  categoricalPriorWeight: null,
  constantLiar: false,
  startupTrials: 10,
  start: "random",
  candidates: 24,
  gamma: "default",
  gammaSeveral: "default",
  goodWeights: "recency",
  objectiveWeights: "hypervolume",
  constraints: false,
  missingConstraints: "infeasible",
  localShare: 0,
};

const optuna5: TpeOptions = {
  ...optuna49,
  multivariate: true,
  gammaSeveral: "uncapped",
  constantLiar: true,
  objectiveWeights: "equal",
  constraints: true,
  missingConstraints: "feasible",
};

/**
 * Watanabe's weights, width bounds and categorical prior (arXiv 2304.11127) on Optuna 5's neighbour rule and gamma.
 * Chosen with bench/search/quality.ts: his gamma and endpoints did worse there, the least width was tuned (he has 0.03).
 */
const espalier: TpeOptions = {
  ...optuna5,
  joint: "all",
  goodWeights: "improvement",
  minimumBandwidth: 0.035,
  magicClipExponent: 2,
  categoricalPriorWeight: 0.2,
  localShare: 0.7,
};

/** Named settings: `espalier` (our default), Optuna's defaults of both generations, 4.9 with `multivariate=True`. */
export const tpePresets = {
  espalier,
  optuna49,
  optuna49Multivariate: { ...optuna49, multivariate: true, bandwidth: "scott" },
  optuna5,
} as const satisfies Record<string, TpeOptions>;

/** Name of a set of TPE settings. */
export type TpePresetName = keyof typeof tpePresets;

/**
 * A full set of settings: those given over those of the preset.
 * @throws RangeError for a count that is not whole and positive, or a weight or share that is negative.
 */
export function tpeOptions(given: Partial<TpeOptions> = {}, preset: TpePresetName = "espalier"): TpeOptions {
  const options: TpeOptions = { ...tpePresets[preset], ...given };
  const whole = (name: "startupTrials" | "candidates", least: number): void => {
    const value = options[name];
    if (!Number.isSafeInteger(value) || value < least) {
      throw new RangeError(`TPE option ${name} is ${value}, must be a whole number of ${least} or more`);
    }
  };
  whole("startupTrials", 0);
  whole("candidates", 1);
  for (const name of [
    "priorWeight",
    "categoricalPriorWeight",
    "minimumBandwidth",
    "magicClipExponent",
    "localShare",
  ] as const) {
    const value = options[name] ?? 0;
    if (!(value >= 0 && Number.isFinite(value))) {
      throw new RangeError(`TPE option ${name} is ${value}, must be finite and zero or more`);
    }
  }
  if (options.localShare > 1) {
    throw new RangeError(`TPE option localShare is ${options.localShare}, must be at most 1`);
  }
  for (const name of ["gamma", "gammaSeveral"] as const) {
    if (!Object.hasOwn(gammaRules, options[name])) {
      throw new RangeError(
        `TPE option ${name} is '${options[name]}', must be one of ${Object.keys(gammaRules).join(", ")}`,
      );
    }
  }
  return options;
}
