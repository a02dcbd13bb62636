import type { DecoderShape } from "@espalier/contracts";
import {
  type ExecutionProvider,
  forwardProgram,
  inputNames,
  openSession,
  outputNames,
  type TensorArray,
  type TensorData,
  weightFeeds,
} from "@espalier/graph";

export interface SlicedLossesInput {
  readonly shape: DecoderShape;
  readonly weights: ReadonlyMap<string, TensorArray>;
  /** Token ids, all of one length. */
  readonly windows: readonly Int32Array[];
  readonly provider?: ExecutionProvider;
  readonly threads?: number;
  readonly signal?: AbortSignal;
}

/** Logits that may exist at once: bounds the memory of a micro-batch at 64 MB. */
const MAX_LOGITS = 16 * 1024 * 1024;
const MAX_BATCH = 8;

/** NLL sum (nats) of each window under a model without gates. Throws RangeError for windows of different lengths. */
export async function slicedLosses(input: SlicedLossesInput): Promise<Float64Array> {
  const { shape, windows } = input;
  const length = windows[0]?.length ?? 0;
  const odd = windows.find((window) => window.length !== length);
  if (odd !== undefined) throw new RangeError(`windows of ${length} and of ${odd.length} tokens in one measurement`);
  const losses = new Float64Array(windows.length);
  if (windows.length === 0) return losses;
  const graph = forwardProgram({ shape, sequenceLength: length, gates: false });
  const fixed = weightFeeds(graph, input.weights);
  const session = await openSession(graph, sessionOptions(input));
  try {
    const batch = Math.max(1, Math.min(MAX_BATCH, Math.floor(MAX_LOGITS / (length * shape.vocabSize))));
    for (let start = 0; start < windows.length; start += batch) {
      input.signal?.throwIfAborted();
      const rows = windows.slice(start, start + batch);
      const results = await session.run({ ...fixed, ...tokenFeeds(rows, length) }, [outputNames.tokenNll]);
      sumRows(results[outputNames.tokenNll], losses.subarray(start, start + rows.length));
    }
    return losses;
  } finally {
    await session.release();
  }
}

function sessionOptions({ provider, threads }: SlicedLossesInput): { provider?: ExecutionProvider; threads?: number } {
  return { ...(provider === undefined ? {} : { provider }), ...(threads === undefined ? {} : { threads }) };
}

function tokenFeeds(rows: readonly Int32Array[], length: number): Record<string, TensorData> {
  const ids = new BigInt64Array(rows.length * length);
  rows.forEach((row, r) => {
    row.forEach((id, t) => {
      ids[r * length + t] = BigInt(id);
    });
  });
  return {
    [inputNames.inputIds]: { data: ids, dims: [rows.length, length] },
    [inputNames.tokenWeights]: {
      data: new Float32Array(rows.length * (length - 1)).fill(1),
      dims: [rows.length, length - 1],
    },
  };
}

/** Sums in float64: a float32 sum over a window would lose the digits that the comparison needs. */
function sumRows(tokenNll: TensorData | undefined, target: Float64Array): void {
  if (tokenNll === undefined) throw new RangeError(`the forward program gave no '${outputNames.tokenNll}'`);
  const columns = tokenNll.data.length / target.length;
  for (let r = 0; r < target.length; r++) {
    let sum = 0;
    for (let t = 0; t < columns; t++) sum += Number(tokenNll.data[r * columns + t]);
    target[r] = sum;
  }
}
