import type { SplitOverlap } from "@espalier/contracts";
import type { ResolvedSplits } from "../splits.js";
import { ngramOverlap } from "./ngram-overlap.js";

/**
 * Tokens of an n-gram. GPT-3's decontamination takes 13 words at most (Brown et al. 2020, appendix C); we take token
 * ids, as Llama 2's does (Touvron et al. 2023, appendix A.6: longer than 10 tokens), so that no text is parsed again.
 */
export const OVERLAP_NGRAM = 13;

/** Repeated report windows are worth a warning beyond this share. */
const WARNED_SHARE = 0.1;

const pairs = [
  ["scoring", "calibration"],
  ["scoring", "report"],
  ["report", "calibration"],
  ["report", "scoring"],
] as const satisfies readonly (readonly [SplitOverlap["split"], SplitOverlap["other"]])[];

/** Overlap of the scoring and report windows with each other text of the job, sources of a text taken together. */
export function splitOverlaps(splits: ResolvedSplits): SplitOverlap[] {
  const lengths = Object.values(splits).flatMap((sources) => sources.map(({ sequenceLength }) => sequenceLength));
  const n = Math.min(OVERLAP_NGRAM, ...lengths);
  return pairs.map(([split, other]) => {
    const windows = splits[split].flatMap(({ tokenWindows }) => tokenWindows);
    const sources = splits[other].map(({ tokenWindows }) => tokenWindows);
    const overlap = ngramOverlap(windows, sources, n);
    const measured = {
      split,
      other,
      n,
      share: overlap.ngrams === 0 ? 0 : overlap.shared / overlap.ngrams,
      windows_touched: overlap.touched,
      windows_repeated: overlap.repeated,
      windows: overlap.windows,
    };
    return { ...measured, warning: overlapWarning(measured) };
  });
}

/** What a reader of the report must know; null for the scoring split, which nothing is reported on. */
function overlapWarning(overlap: Omit<SplitOverlap, "warning">): string | null {
  const { split, other, n, windows_repeated: repeated, windows } = overlap;
  if (split !== "report" || repeated <= WARNED_SHARE * windows) return null;
  return (
    `${repeated} of ${windows} report windows share at least half of their ${n}-grams with the ${other} text: ` +
    "the report perplexities say little about new text. Name a report corpus that does not repeat it."
  );
}
