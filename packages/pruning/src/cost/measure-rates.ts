import type { DecoderShape } from "@espalier/contracts";
import { type ExecutionProvider, projectionNames, projectionWeight, weightNames } from "@espalier/graph";
import { streamRng } from "@espalier/search";
import { inverseSpd } from "../linear-algebra/index.js";
import { openForwardPool } from "../scoring/forward-pool.js";
import { openScorer } from "../scoring/scorer.js";
import { profileInMemory } from "../statistics/memory-profile.js";
import { densePlan } from "../units/index.js";
import { forwardOperations, type Operations, statisticsOperations } from "./operations.js";

/** One measurement of how fast this machine does one kind of operation. */
export interface MeasuredRate {
  readonly kind: keyof Operations;
  /** Operations of a forward pass per token of the model that it was measured with. */
  readonly scale: number;
  readonly operations: number;
  readonly seconds: number;
}

export interface MeasureRatesOptions {
  readonly provider: ExecutionProvider;
  readonly threads: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  readonly signal?: AbortSignal | undefined;
}

const SEQUENCE_LENGTH = 64;
const WINDOWS = 8;
const SEED = 0;

/** Order of the matrix whose inverse is timed: long enough for the processor's caches to matter. */
const ALGEBRA_ORDER = 320;

const modelOf = (hiddenSize: number, layers: number, vocabSize: number): DecoderShape => ({
  hiddenSize,
  headDim: 32,
  vocabSize,
  maxPositions: SEQUENCE_LENGTH,
  ropeTheta: 10_000,
  rmsNormEps: 1e-5,
  tiedEmbeddings: true,
  layers: Array.from({ length: layers }, () => ({
    heads: hiddenSize / 32,
    kvHeads: hiddenSize / 32,
    intermediateSize: 3 * hiddenSize,
  })),
});

/** Small models are slowed down by what every run costs, large ones by arithmetic: two sizes tell both. */
const models: readonly DecoderShape[] = [modelOf(64, 5, 512), modelOf(256, 3, 2048)];

/** Runs random models of two sizes and inverts a matrix: a second or two on one core. */
export async function measureRates(options: MeasureRatesOptions): Promise<readonly MeasuredRate[]> {
  const rates: MeasuredRate[] = [];
  for (const shape of models) {
    options.signal?.throwIfAborted();
    rates.push(...(await ratesOf(shape, options)));
  }
  const order = ALGEBRA_ORDER;
  const matrix = Float64Array.from({ length: order * order }, (_, i) => (i % (order + 1) === 0 ? 2 : 1 / order));
  inverseSpd(matrix, order);
  const start = options.now();
  inverseSpd(matrix, order);
  const seconds = (options.now() - start) / 1000;
  rates.push({ kind: "algebra", scale: 1, operations: 2 * order ** 3, seconds });
  return rates;
}

async function ratesOf(shape: DecoderShape, options: MeasureRatesOptions): Promise<readonly MeasuredRate[]> {
  const { provider, threads, signal, now } = options;
  const weights = randomWeights(shape);
  const windows = randomWindows(shape);
  const tokens = WINDOWS * SEQUENCE_LENGTH;
  const scale = forwardOperations(shape, SEQUENCE_LENGTH, 1);
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const start = now();
    await work();
    return (now() - start) / 1000;
  };
  const pool = openForwardPool({ shape, weights, provider, threads });
  try {
    const scorer = await openScorer(pool, [{ windows, weight: 1 }]);
    const plan = densePlan(shape);
    await scorer.score({ plan }, { signal });
    const forward = await timed(() => scorer.score({ plan }, { signal }));
    // With the opening of its session, as in a profile.
    const gradients = await timed(() => profileInMemory({ shape, weights, windows, provider, threads, signal }));
    return [
      { kind: "forward", scale, operations: forwardOperations(shape, SEQUENCE_LENGTH, tokens), seconds: forward },
      {
        kind: "gradients",
        scale,
        operations: statisticsOperations(shape, SEQUENCE_LENGTH, tokens),
        seconds: gradients,
      },
    ];
  } finally {
    await pool.close();
  }
}

function randomWindows({ vocabSize }: DecoderShape): readonly Int32Array[] {
  const rng = streamRng(SEED, 0);
  return Array.from({ length: WINDOWS }, () =>
    Int32Array.from({ length: SEQUENCE_LENGTH }, () => Math.floor(rng.next() * vocabSize)),
  );
}

/** Small uniform weights under Hugging Face names: what they are matters to no speed. */
function randomWeights({ hiddenSize, headDim, vocabSize, layers }: DecoderShape): ReadonlyMap<string, Float32Array> {
  const rng = streamRng(SEED, 1);
  const filled = (length: number): Float32Array => Float32Array.from({ length }, () => (rng.next() - 0.5) / 8);
  const ones = (): Float32Array => new Float32Array(hiddenSize).fill(1);
  const weights = new Map<string, Float32Array>([
    [weightNames.embedding, filled(vocabSize * hiddenSize)],
    [weightNames.finalNorm, ones()],
  ]);
  for (const [l, { heads, kvHeads, intermediateSize }] of layers.entries()) {
    const width = {
      q_proj: heads * headDim,
      k_proj: kvHeads * headDim,
      v_proj: kvHeads * headDim,
      o_proj: heads * headDim,
      gate_proj: intermediateSize,
      up_proj: intermediateSize,
      down_proj: intermediateSize,
    };
    weights.set(weightNames.attentionNorm(l), ones()).set(weightNames.mlpNorm(l), ones());
    for (const name of projectionNames) weights.set(projectionWeight(l, name), filled(width[name] * hiddenSize));
  }
  return weights;
}
