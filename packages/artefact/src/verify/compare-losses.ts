import { AppError, type DecoderShape } from "@espalier/contracts";
import { hasExperts } from "@espalier/pruning";

/** How far, relatively, the losses of written files may be from those of the search's masked model. */
export interface LossTolerance {
  /** Of the total NLL. */
  readonly total: number;
  /** Of one window. */
  readonly window: number;
}

/**
 * For files that hold the numbers themselves. Windows may differ more than the total: rounding errors of single windows,
 * about 1e-6, do not cancel, while a wrong slice moves every window by whole per cents.
 */
export const EXACT: LossTolerance = { total: 1e-5, window: 1e-4 };

/**
 * The same for a mixture of experts: where two experts have nearly the same router logit, a rounding decides which one a
 * token uses, and its loss and those after it jump.
 */
const ROUTED: LossTolerance = { total: 1e-4, window: 1e-3 };

/** For files that hold the numbers themselves of a model of that shape. */
export const exactFor = (shape: Pick<DecoderShape, "layers">): LossTolerance => (hasExperts(shape) ? ROUTED : EXACT);

export interface LossComparison {
  readonly maskedNll: number;
  readonly slicedNll: number;
  readonly relativeDifference: number;
  /** Over windows. */
  readonly largestWindowDifference: number;
}

/**
 * Compares NLL sums per window. Throws AppError EXPORT_VERIFICATION_FAILED, with the numbers, when the sliced model is
 * not the one that was scored. `label` says which export it is.
 */
export function compareLosses(
  label: string,
  masked: Float64Array,
  sliced: Float64Array,
  tolerance: LossTolerance = EXACT,
): LossComparison {
  if (masked.length !== sliced.length || masked.length === 0) {
    throw new RangeError(`${label}: ${masked.length} masked and ${sliced.length} sliced windows to compare`);
  }
  const maskedNll = sum(masked);
  const slicedNll = sum(sliced);
  const relativeDifference = relative(slicedNll, maskedNll);
  const perWindow = masked.map((loss, i) => relative(sliced[i], loss));
  const worst = perWindow.reduce((at, difference, i) => (difference <= perWindow[at] ? at : i), 0);
  const largestWindowDifference = perWindow[worst];
  // Negated comparisons: NaN fails.
  if (!(relativeDifference <= tolerance.total) || !(largestWindowDifference <= tolerance.window)) {
    throw new AppError(
      "EXPORT_VERIFICATION_FAILED",
      `${label}: the written model has a total NLL of ${slicedNll} on ${masked.length} report windows, the search's masked model ${maskedNll} ` +
        `(relative difference ${relativeDifference.toExponential(2)}, at most ${tolerance.total}; ` +
        `window ${worst}: ${largestWindowDifference.toExponential(2)}, at most ${tolerance.window}). Nothing was exported; report this.`,
    );
  }
  return { maskedNll, slicedNll, relativeDifference, largestWindowDifference };
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

/** |a − b| relative to b, or to one nat where b is smaller: a window that is predicted perfectly has no scale. */
const relative = (a: number, b: number): number => Math.abs(a - b) / Math.max(Math.abs(b), 1);
