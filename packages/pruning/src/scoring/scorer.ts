import { outputNames } from "@espalier/graph";
import { packWindows, rowSums, type TokenBatch } from "../execution/token-batch.js";
import type { Candidate } from "./candidate.js";
import type { ForwardPool } from "./forward-pool.js";

/** One text of the objective. */
export interface ScoringSource {
  /** Token ids, all windows of one length. */
  readonly windows: readonly Int32Array[];
  /** > 0. */
  readonly weight: number;
}

/** What a candidate lost on the texts. */
export interface ScoringResult {
  /** Σ weight·log perplexity / Σ weight; null when infeasible. */
  readonly objective: number | null;
  /** exp(objective): for one source its perplexity, exp(total NLL / predicted tokens). */
  readonly perplexity: number | null;
  /** NLL sum of each window, sources joined in order; what was not reached before an infeasible one is NaN. */
  readonly windowLosses: Float64Array;
  readonly reason: string | null;
}

export interface ScoreOptions {
  readonly signal?: AbortSignal | undefined;
  /** Windows done so far, of how many. */
  readonly onProgress?: ((done: number, of: number) => void) | undefined;
}

/** Scores candidates on fixed texts: one forward pass each, sums in float64. */
export interface Scorer {
  readonly windowCount: number;
  /** Predicted tokens of each window. */
  readonly windowTokens: Int32Array;
  /** The signal is looked at between micro-batches; a loss that is not finite ends the pass and makes it infeasible. */
  score(candidate: Candidate, options?: ScoreOptions): Promise<ScoringResult>;
}

interface PackedSource {
  readonly weight: number;
  readonly sequenceLength: number;
  readonly windows: number;
  readonly batches: readonly TokenBatch[];
}

/** Largest mean NLL that still has a finite perplexity in float64. */
const MAX_LOG_PERPLEXITY = 700;

/** Packs the texts once; sessions come from the pool and stay open. RangeError for a source without windows. */
export async function openScorer(pool: ForwardPool, sources: readonly ScoringSource[]): Promise<Scorer> {
  const packed: PackedSource[] = [];
  for (const { windows, weight } of sources) {
    if (windows.length === 0) throw new RangeError("a scoring source of no windows");
    if (!(weight > 0)) throw new RangeError(`a scoring source of weight ${weight}`);
    const sequenceLength = windows[0].length;
    const { rows } = await pool.session(sequenceLength);
    packed.push({ weight, sequenceLength, windows: windows.length, batches: packWindows(windows, rows) });
  }
  const windowCount = packed.reduce((sum, source) => sum + source.windows, 0);
  return {
    windowCount,
    windowTokens: Int32Array.from(packed.flatMap((s) => new Array<number>(s.windows).fill(s.sequenceLength - 1))),
    score: (candidate, options = {}) => scoreAll(pool, packed, windowCount, candidate, options),
  };
}

async function scoreAll(
  pool: ForwardPool,
  sources: readonly PackedSource[],
  windowCount: number,
  candidate: Candidate,
  options: ScoreOptions,
): Promise<ScoringResult> {
  const windowLosses = new Float64Array(windowCount).fill(Number.NaN);
  let objective = 0;
  let weights = 0;
  let first = 0;
  for (const source of sources) {
    const forward = await pool.session(source.sequenceLength);
    const feeds = forward.feeds(candidate);
    let total = 0;
    for (const batch of source.batches) {
      options.signal?.throwIfAborted();
      const results = await forward.session.run({ ...feeds, ...batch.feeds }, [outputNames.tokenNll]);
      const losses = rowSums(results[outputNames.tokenNll], batch.rows);
      windowLosses.set(losses, first + batch.start);
      for (const loss of losses) total += loss;
      if (!Number.isFinite(total)) return infeasible(windowLosses, `the loss of a window is ${total}`);
      options.onProgress?.(first + batch.start + batch.rows, windowCount);
    }
    objective += (source.weight * total) / (source.windows * (source.sequenceLength - 1));
    weights += source.weight;
    first += source.windows;
  }
  objective /= weights;
  if (objective > MAX_LOG_PERPLEXITY) return infeasible(windowLosses, `the mean loss is ${objective} nats`);
  return { objective, perplexity: Math.exp(objective), windowLosses, reason: null };
}

function infeasible(windowLosses: Float64Array, reason: string): ScoringResult {
  return { objective: null, perplexity: null, windowLosses, reason };
}
