import { type Feeds, outputNames } from "@espalier/graph";
import { rowSums } from "../execution/token-batch.js";
import type { Candidate } from "./candidate.js";
import type { ForwardPool, ForwardSession } from "./forward-pool.js";
import { keepLeadingStates, type LeadingStates, untouchedBlocks } from "./leading-states.js";
import { type PackedSource, type PackedWindows, packInOrder, packShuffled } from "./packed-windows.js";
import type { SliceBuffers } from "./slice-buffers.js";

/** One text of the objective. */
export interface ScoringSource {
  /** Token ids, all windows of one length. */
  readonly windows: readonly Int32Array[];
  /** > 0. */
  readonly weight: number;
}

/** What a candidate lost on the texts. */
export interface ScoringResult {
  /** Σ weight·log perplexity / Σ weight; null when infeasible, and while windows are left. */
  readonly objective: number | null;
  /** exp(objective): for one source its perplexity, exp(total NLL / predicted tokens). */
  readonly perplexity: number | null;
  /** NLL sum of each window, sources joined in order; what was not reached is NaN. */
  readonly windowLosses: Float64Array;
  readonly reason: string | null;
}

export interface ScoreOptions {
  readonly signal?: AbortSignal | undefined;
  /** Windows done so far, of how many. */
  readonly onProgress?: ((done: number, of: number) => void) | undefined;
}

/** One candidate on its way through the windows. */
export interface ScoringPass {
  /** NLL sum of each window so far, sources joined in order; NaN where it was not reached. */
  readonly windowLosses: Float64Array;
  /** Windows reached. */
  readonly seen: number;
  /** Goes on by one step; false when nothing is left to do: all windows were seen, or a loss was not finite. */
  advance(signal?: AbortSignal): Promise<boolean>;
  /** Ends the pass: what the candidate lost; no objective where windows are left. */
  result(): ScoringResult;
}

/** Scores candidates on fixed texts: one forward pass each, sums in float64. */
export interface Scorer {
  readonly windowCount: number;
  /** Predicted tokens of each window. */
  readonly windowTokens: Int32Array;
  /** Share of each window's mean loss per token in the objective; the shares sum to 1. */
  readonly windowShares: Float64Array;
  /** Begins a pass that the caller carries on a step at a time, and may leave. */
  begin(candidate: Candidate): ScoringPass;
  /** The signal is looked at between steps; a loss that is not finite ends the pass and makes it infeasible. */
  score(candidate: Candidate, options?: ScoreOptions): Promise<ScoringResult>;
}

export interface ScorerOptions {
  /**
   * Seed of a shuffle: windows are visited in the order of a race, a step between two looks at a time. Window losses
   * stay in the order of the sources. Default: in order, as many rows a step as the memory allows.
   */
  readonly raceSeed?: number | undefined;
  /**
   * Blocks, from the first one on, whose results are kept: candidates that leave them whole begin after them, to the same
   * losses. Memory as `planLeadingBlocks` says. Default 0.
   */
  readonly leadingBlocks?: number | undefined;
}

/** Largest mean NLL that still has a finite perplexity in float64. */
const MAX_LOG_PERPLEXITY = 700;

/** Packs the texts once; sessions come from the pool and stay open. RangeError for a source without windows. */
export async function openScorer(
  pool: ForwardPool,
  sources: readonly ScoringSource[],
  { raceSeed, leadingBlocks = 0 }: ScorerOptions = {},
): Promise<Scorer> {
  const packed: PackedSource[] = [];
  let first = 0;
  for (const { windows, weight } of sources) {
    if (windows.length === 0) throw new RangeError("a scoring source of no windows");
    if (!(weight > 0)) throw new RangeError(`a scoring source of weight ${weight}`);
    const { rows } = await pool.session(windows[0].length);
    packed.push({ windows, weight, first, rows });
    first += windows.length;
  }
  const steps = raceSeed === undefined ? packInOrder(packed) : packShuffled(packed, raceSeed);
  const states = leadingBlocks > 0 ? keepLeadingStates(pool, leadingBlocks) : undefined;
  const begin = (candidate: Candidate): ScoringPass => {
    const skips = states !== undefined && untouchedBlocks(pool.shape, candidate) >= states.blocks;
    return beginPass(pool, packed, steps, candidate, skips ? states : undefined);
  };
  const weights = packed.reduce((sum, { weight }) => sum + weight, 0);
  const each = (value: (source: PackedSource) => number): number[] =>
    packed.flatMap((source) => new Array<number>(source.windows.length).fill(value(source)));
  return {
    windowCount: first,
    windowTokens: Int32Array.from(each(({ windows }) => windows[0].length - 1)),
    windowShares: Float64Array.from(each(({ windows, weight }) => weight / weights / windows.length)),
    begin,
    async score(candidate, { signal, onProgress } = {}) {
      const pass = begin(candidate);
      while (await pass.advance(signal)) onProgress?.(pass.seen, first);
      return pass.result();
    },
  };
}

function beginPass(
  pool: ForwardPool,
  sources: readonly PackedSource[],
  steps: readonly (readonly PackedWindows[])[],
  candidate: Candidate,
  leading: LeadingStates | undefined,
): ScoringPass {
  const windowCount = sources.reduce((sum, { windows }) => sum + windows.length, 0);
  const windowLosses = new Float64Array(windowCount).fill(Number.NaN);
  const sessions = new Map<number, { readonly forward: ForwardSession; readonly feeds: Feeds }>();
  let buffers: SliceBuffers | undefined;
  let next = 0;
  let seen = 0;
  let ended = false;
  let reason: string | undefined;

  async function sessionOf(sequenceLength: number) {
    const known = sessions.get(sequenceLength);
    if (known !== undefined) return known;
    const forward = await pool.session(sequenceLength, leading?.blocks);
    // Sessions of several lengths share the slices: they write the same numbers.
    buffers ??= pool.buffers.take();
    const opened = { forward, feeds: forward.feeds(candidate, buffers) };
    sessions.set(sequenceLength, opened);
    return opened;
  }

  return {
    windowLosses,
    get seen() {
      return seen;
    },
    async advance(signal) {
      if (ended || reason !== undefined || next >= steps.length) return false;
      for (const run of steps[next]) {
        const { sequenceLength, batch, windows } = run;
        signal?.throwIfAborted();
        const { forward, feeds } = await sessionOf(sequenceLength);
        const inputs = { ...feeds, ...batch.feeds, ...(await leading?.of(run)) };
        const results = await forward.session.run(inputs, [outputNames.tokenNll]);
        const losses = rowSums(results[outputNames.tokenNll], batch.rows);
        windows.forEach((window, row) => {
          windowLosses[window] = losses[row];
        });
        seen += windows.length;
        const wrong = losses.find((loss) => !Number.isFinite(loss));
        if (wrong !== undefined) reason = `the loss of a window is ${wrong}`;
      }
      next++;
      return reason === undefined;
    },
    result() {
      ended = true;
      sessions.clear();
      if (buffers !== undefined) pool.buffers.give(buffers);
      buffers = undefined;
      const isWhole = reason === undefined && seen === windowCount;
      return isWhole ? resultOf(sources, windowLosses) : without(windowLosses, reason ?? null);
    },
  };
}

function resultOf(sources: readonly PackedSource[], windowLosses: Float64Array): ScoringResult {
  let objective = 0;
  let weights = 0;
  for (const { windows, weight, first } of sources) {
    let total = 0;
    for (let window = first; window < first + windows.length; window++) total += windowLosses[window];
    objective += (weight * total) / (windows.length * (windows[0].length - 1));
    weights += weight;
  }
  objective /= weights;
  if (objective > MAX_LOG_PERPLEXITY) return without(windowLosses, `the mean loss is ${objective} nats`);
  return { objective, perplexity: Math.exp(objective), windowLosses, reason: null };
}

function without(windowLosses: Float64Array, reason: string | null): ScoringResult {
  return { objective: null, perplexity: null, windowLosses, reason };
}
