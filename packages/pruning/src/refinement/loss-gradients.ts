import type { DecoderShape } from "@espalier/contracts";
import {
  columnProjections,
  type ExecutionProvider,
  type Feeds,
  type GraphSession,
  inputNames,
  openSession,
  outputGradientsProgram,
  outputNames,
  projectionWeight,
  weightFeeds,
} from "@espalier/graph";
import { sessionOptions } from "../calibration/observe.js";
import { DEFAULT_MEMORY_BYTES, headChunkTokens, planMemory } from "../execution/memory.js";
import { packWindows } from "../execution/token-batch.js";
import type { Candidate } from "../scoring/candidate.js";
import { keptInputs, zeroColumns } from "../units/kept-inputs.js";
import { lostBiases } from "../units/lost-biases.js";
import { planGates } from "../units/plan.js";
import { isRefitted, type OutputProjectionName, vectorCount } from "../units/vectors.js";

/**
 * How a candidate's mean loss per token answers to the output y of one projection, weighted mean over the windows;
 * δ = dL/dy of a window's mean loss.
 */
export interface ProjectionGradient {
  readonly layer: number;
  readonly projection: OutputProjectionName;
  /** W as the candidate has it [outputs, inputs], removed columns zero. */
  readonly weight: Float32Array;
  /** Σ_t δ_t x_tᵀ [outputs, inputs]: also for inputs that the candidate has lost. */
  readonly slope: Float64Array;
  /** Σ_t δ_t [outputs]. */
  readonly outputSlope: Float64Array;
  /**
   * Second derivative of L by a mean square of output o, [outputs]: T·(T−1)·E[δ_o²], the diagonal of the empirical
   * Fisher information of a window's T−1 predictions, tokens taken as independent.
   */
  readonly curvature: Float64Array;
}

export interface LossGradientsOptions {
  readonly shape: DecoderShape;
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** Calibration windows, all of one length. */
  readonly windows: readonly Int32Array[];
  /** Candidates may carry biases. */
  readonly biases: boolean;
  readonly memoryBytes?: number | undefined;
  readonly halfBatch?: boolean | undefined;
  readonly provider?: ExecutionProvider | undefined;
  readonly threads?: number | undefined;
}

export interface MeasureOptions {
  /** Weight of each window, sums to one; windows of weight 0 are not read. Default: all alike. */
  readonly windowWeights?: Float64Array | undefined;
  /** Looked at between micro-batches. */
  readonly signal?: AbortSignal | undefined;
}

/** Gradients of pruned candidates on fixed windows: one forward and one backward pass each. */
export interface LossGradients {
  measure(candidate: Candidate, options?: MeasureOptions): Promise<readonly ProjectionGradient[]>;
  close(): Promise<void>;
}

/** Nothing is opened before the first measurement. */
export function makeLossGradients(options: LossGradientsOptions): LossGradients {
  let session: Promise<GraphSession> | undefined;
  return {
    async measure(candidate, measureOptions = {}) {
      session ??= openBackward(options);
      return await measureOn(await session, options, candidate, measureOptions);
    },
    async close() {
      await (await session)?.release();
      session = undefined;
    },
  };
}

function openBackward(options: LossGradientsOptions): Promise<GraphSession> {
  const { shape, windows, biases } = options;
  const sequenceLength = windows[0].length;
  const chunk = headChunkTokens(shape, sequenceLength);
  const graph = outputGradientsProgram({
    shape,
    sequenceLength,
    projectionBias: biases,
    ...(chunk === undefined ? {} : { headChunkTokens: chunk }),
  });
  return openSession(graph, sessionOptions(options));
}

async function measureOn(
  session: GraphSession,
  { shape, weights, windows, memoryBytes = DEFAULT_MEMORY_BYTES, halfBatch }: LossGradientsOptions,
  candidate: Candidate,
  { windowWeights, signal }: MeasureOptions,
): Promise<ProjectionGradient[]> {
  const masked = maskedWeights(shape, weights, candidate);
  const feeds = {
    ...weightFeeds(session.graph, masked),
    ...biasFeeds(session, shape, candidate),
    ...expertFeeds(session, shape, candidate),
  };
  const sequenceLength = windows[0].length;
  const request = { shape, sequenceLength, memoryBytes, halfBatch, clusters: 1, weightGradients: false };
  const { microBatch } = planMemory(request);
  const totals = new Map<string, Float64Array>();
  for (const [weight, alike] of byWeight(windows, windowWeights)) {
    for (const batch of packWindows(alike, microBatch)) {
      signal?.throwIfAborted();
      const results = await session.run({ ...feeds, ...batch.feeds });
      for (const [name, { data }] of Object.entries(results)) {
        if (name !== outputNames.tokenNll) accumulate(totals, name, data as Float32Array, weight);
      }
    }
  }
  return projectionsOf(shape).map(({ layer, projection }) => {
    // Σ over a window's T tokens of δ², times T−1 predictions: T·(T−1)·E[δ²].
    const squares = found(totals, outputNames.outputGradient(layer, projection, "square_sum"));
    return {
      layer,
      projection,
      weight: found(masked, projectionWeight(layer, projection)),
      slope: found(totals, outputNames.weightStatistic(layer, projection, "gradient_sum")),
      outputSlope: found(totals, outputNames.outputGradient(layer, projection, "sum")),
      curvature: squares.map((x) => x * (sequenceLength - 1)),
    };
  });
}

/** Windows that weigh the same share batches, since a run sums over its rows. In order of first appearance. */
function byWeight(
  windows: readonly Int32Array[],
  weights: Float64Array | undefined,
): ReadonlyMap<number, readonly Int32Array[]> {
  if (weights === undefined) return new Map([[1 / windows.length, windows]]);
  if (weights.length !== windows.length) {
    throw new RangeError(`${weights.length} weights for ${windows.length} windows`);
  }
  const groups = new Map<number, Int32Array[]>();
  for (const [i, weight] of weights.entries()) {
    const group = groups.get(weight);
    if (group !== undefined) group.push(windows[i]);
    else if (weight !== 0) groups.set(weight, [windows[i]]);
  }
  return groups;
}

/** An entry that must be there: an empty array in its place would turn into silent zeros. */
function found<T>(entries: ReadonlyMap<string, T>, name: string): T {
  const entry = entries.get(name);
  if (entry === undefined) throw new RangeError(`'${name}' is not among ${entries.size} arrays`);
  return entry;
}

function accumulate(totals: Map<string, Float64Array>, name: string, values: Float32Array, share: number): void {
  const total = totals.get(name) ?? new Float64Array(values.length);
  totals.set(name, total);
  for (let i = 0; i < total.length; i++) total[i] += share * values[i];
}

/** Output projections whose inputs may be toggled one by one: those of the sub-blocks that the model has, but not experts. */
function projectionsOf(shape: DecoderShape): { layer: number; projection: OutputProjectionName }[] {
  return shape.layers.flatMap((widths, layer) =>
    columnProjections
      .filter((projection) => vectorCount(shape, widths, projection) > 0 && isRefitted(widths, projection))
      .map((projection) => ({ layer, projection })),
  );
}

/** All weights of a candidate in dense width, with zeros where the forward session would have closed gates. */
function maskedWeights(
  shape: DecoderShape,
  weights: ReadonlyMap<string, Float32Array>,
  { plan, weights: replaced = new Map() }: Candidate,
): Map<string, Float32Array> {
  const masked = new Map([...weights, ...replaced, ...lostBiases(shape, plan)]);
  for (const { layer, projection } of projectionsOf(shape)) {
    const name = projectionWeight(layer, projection);
    const weight = masked.get(name);
    if (weight === undefined || replaced.has(name)) continue; // a refit has its zeros already
    masked.set(name, zeroColumns(weight, shape.hiddenSize, keptInputs(shape, plan, layer, projection)));
  }
  return masked;
}

function biasFeeds(session: GraphSession, shape: DecoderShape, { biases }: Candidate): Feeds {
  return Object.fromEntries(
    session.graph.inputs
      .filter(({ name }) => name.startsWith(inputNames.biasPrefix))
      .map(({ name }) => [
        name,
        { data: biases?.get(name) ?? new Float32Array(shape.hiddenSize), dims: [shape.hiddenSize] },
      ]),
  );
}

/** The experts that a candidate's routers choose among. */
function expertFeeds(session: GraphSession, shape: DecoderShape, { plan }: Candidate): Feeds {
  const gates = planGates(shape, plan).map(({ mlp }, layer) => [inputNames.mlpGate(layer), mlp] as const);
  const reads = new Set(session.graph.inputs.map(({ name }) => name));
  return Object.fromEntries(
    gates.filter(([name]) => reads.has(name)).map(([name, data]) => [name, { data, dims: [1, data.length] }]),
  );
}
