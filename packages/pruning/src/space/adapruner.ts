import type { SpaceContext } from "./context.js";
import { choice, grid, real, type SpaceEntry, whole } from "./entry.js";
import { compensationEntries } from "./espalier.js";

/** Samples of a calibration subset (AdaPruner, arXiv 2503.06184). */
const SUBSET_SIZE = 10;
/** The paper keeps the first 4 and the last 2 blocks of 32; other depths scale. */
const PAPER_DEPTH = 32;
const PAPER_PROTECTED_FIRST = 4;
const PAPER_PROTECTED_LAST = 2;

/** Alignment factors that a job may ask for beside the paper's. */
const ALIGNMENT_BOUNDS = [1e-9, 1e9] as const;

/** Metrics that the preset mixes; it knows no others. */
export const adaprunerMetrics = ["ada_coarse", "ada_fine"] as const;

/**
 * Preset `adapruner`: a subset of calibration samples as places in the pool ordered by NLL, two mixing weights, and
 * alignment factors on the second-order terms. The published text leaves open what each set of factors multiplies; our
 * reading: the first the second-order part of the coarse score, the second that of the fine score, and the third brings
 * the fine score to the scale of the coarse one. Every unprotected block loses the same share; nothing is compensated
 * unless the job names a method.
 */
export function adaprunerEntries(context: SpaceContext): SpaceEntry[] {
  const { shape, samples, compensation } = context;
  const depth = shape.layers.length;
  const scaled = (blocks: number) => Math.round((blocks * depth) / PAPER_DEPTH);
  const protectable = Math.max(0, depth - 1);
  const free = context.layout === "free";
  // Spread over the pool: neutral means an even cover of easy and hard samples.
  const place = (i: number) => Math.floor(((i + 0.5) * samples) / SUBSET_SIZE);
  return [
    ...Array.from({ length: SUBSET_SIZE }, (_, i) => whole(`sample.${i}`, [0, samples - 1], place(i))),
    real("alpha.coarse", [0, 1], 1),
    real("alpha.fine", [0, 1], 1),
    grid("align.coarse", [1e5, 1e6, 1e7], 1e5, ALIGNMENT_BOUNDS),
    grid("align.fine", [1e-2, 1e-3], 1e-2, ALIGNMENT_BOUNDS),
    grid("align.mix", [1e-4], 1e-4, ALIGNMENT_BOUNDS, false),
    ...(free ? [choice("allocation", ["uniform", "global"], "uniform", false)] : []),
    ...(free ? [whole("protect.first", [0, protectable], scaled(PAPER_PROTECTED_FIRST), { open: false })] : []),
    ...(free ? [whole("protect.last", [0, protectable], scaled(PAPER_PROTECTED_LAST), { open: false })] : []),
    ...compensationEntries({ ...context, compensation: compensation === "search" ? "none" : compensation }),
  ];
}
