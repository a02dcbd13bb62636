import type { DecoderShape } from "@espalier/contracts";
import type { StoredGraph } from "../stored-graph.js";
import { DecoderGraph } from "./decoder-graph.js";
import { hiddenStates, inputIds } from "./hidden-states.js";
import { cacheNames, outputNames, weightNames } from "./names.js";
import type { WeightForm } from "./stored-weights.js";

/** Options of the program `cached-logits`. */
export interface CachedLogitsOptions {
  readonly shape: DecoderShape;
  readonly form: WeightForm;
}

/** What Hugging Face's ONNX exports call the sizes; by the first one transformers.js knows the batch of an empty cache. */
const DIM_NAMES = {
  B: "batch_size",
  S: "sequence_length",
  P: "past_sequence_length",
  T: "total_sequence_length",
  N: "num_logits",
} as const;

/**
 * A decoder with a cache and its weights inside, for other people's runtimes. Inputs: `input_ids` and `position_ids`
 * [B, S], `attention_mask` [B, P+S], the scalar `num_logits_to_keep` (0: of all S), and for each layer with attention `past_key_values.N.key` and `.value` [B, K, P, d].
 * Outputs: `logits` [B, N, V], `present.N.key` and `.value` [B, K, P+S, d]. Logits are float32, caches float16 in the
 * form of that name. Throws what the other decoder programs throw.
 */
export function cachedLogitsProgram({ shape, form }: CachedLogitsOptions): StoredGraph {
  const options = { shape, sequenceLength: shape.maxPositions };
  const d = new DecoderGraph("decoder", options, { gates: false, projectionBias: false }, form);
  const { stored: weights, cache } = d;
  if (weights === undefined || cache === undefined) throw new RangeError("a stored decoder has weights and a cache");
  const ids = inputIds(d);
  const count = d.builder.input(cacheNames.logitsToKeep, "int64", []);
  const hidden = d.builder.add("KeepLast", [hiddenStates(d, ids), count], {});
  const head = shape.tiedEmbeddings ? weightNames.embedding : weightNames.head;
  const logits = weights.product(hidden, head, [shape.vocabSize, shape.hiddenSize]);
  return d.builder.finishStored({ [outputNames.logits]: logits, ...cache.present }, DIM_NAMES);
}
