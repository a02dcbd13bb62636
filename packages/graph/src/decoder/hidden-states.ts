import { add, gather, mul, sub } from "../builder/expressions.js";
import type { Value } from "../builder/value.js";
import { attention } from "./attention.js";
import type { DecoderGraph } from "./decoder-graph.js";
import { mlp } from "./mlp.js";
import { inputNames, weightNames } from "./names.js";

/** Input ids [B, T] of the decoder. */
export function inputIds(d: DecoderGraph): Value {
  return d.builder.input(inputNames.inputIds, "int64", ["B", d.length]);
}

/** What the first block reads, [B, T, D]. */
function embedded(d: DecoderGraph, ids: Value): Value {
  const { hiddenSize, vocabSize } = d.shape;
  if (d.stored !== undefined) return d.stored.rows(weightNames.embedding, [vocabSize, hiddenSize], ids);
  return gather(d.builder, d.weight(weightNames.embedding, [vocabSize, hiddenSize]), ids);
}

/** Blocks `from` to `to` (excluded) on hidden states [B, T, D]. Absent sub-blocks add nothing. */
function blocks(d: DecoderGraph, hidden: Value, from: number, to: number): Value {
  let states = hidden;
  for (let layer = from; layer < to; layer++) {
    const { kvHeads, intermediateSize } = d.shape.layers[layer];
    const entry = states;
    if (kvHeads > 0) states = subBlock(d, states, layer, "attention");
    if (intermediateSize > 0) states = subBlock(d, states, layer, "mlp");
    states = scaledChange(d, layer, entry, states);
  }
  return states;
}

/** A sub-block that the model has, with its norm and residual connection, on hidden states [B, T, D]. */
export function subBlock(d: DecoderGraph, states: Value, layer: number, part: "attention" | "mlp"): Value {
  const attends = part === "attention";
  const normed = normalised(d, states, (attends ? weightNames.attentionNorm : weightNames.mlpNorm)(layer));
  return residual(d, layer, part, states, (attends ? attention : mlp)(d, layer, normed));
}

/** Hidden states [B, T, D] between the first `count` blocks and the rest. */
export function statesAfter(d: DecoderGraph, ids: Value, count: number): Value {
  return blocks(d, embedded(d, ids), 0, checkedDepth(d, count));
}

/**
 * All blocks and the final norm: hidden states [B, T, D] that the head reads. From a `firstLayer` above 0 on, the states
 * before it are an input.
 */
export function hiddenStates(d: DecoderGraph, ids: Value, firstLayer = 0): Value {
  const start = checkedDepth(d, firstLayer) === 0 ? embedded(d, ids) : statesInput(d);
  return finalStates(d, blocks(d, start, firstLayer, d.shape.layers.length));
}

/** Hidden states [B, T, D] that a run is given. */
export function statesInput(d: DecoderGraph): Value {
  return d.builder.input(inputNames.hiddenStates, d.dtype, ["B", d.tokens, d.shape.hiddenSize]);
}

/** One block on hidden states [B, T, D]. Throws RangeError for a block that is not there or has no sub-block. */
export function blockStates(d: DecoderGraph, states: Value, layer: number): Value {
  const after = layer < d.shape.layers.length ? blocks(d, states, layer, layer + 1) : states;
  if (after === states) throw new RangeError(`layer ${layer} of ${d.shape.layers.length} changes nothing`);
  return after;
}

/** The final norm: what the head reads, of the states behind the last block. */
export function finalStates(d: DecoderGraph, states: Value): Value {
  return normalised(d, states, weightNames.finalNorm);
}

function checkedDepth(d: DecoderGraph, count: number): number {
  const depth = d.shape.layers.length;
  if (!Number.isInteger(count) || count < 0 || count > depth) {
    throw new RangeError(`${count} leading blocks of a decoder of ${depth}`);
  }
  return count;
}

function normalised(d: DecoderGraph, x: Value, name: string): Value {
  const weight = d.weight(name, [d.shape.hiddenSize]);
  return d.builder.add("RmsNorm", [x, weight], { epsilon: d.shape.rmsNormEps });
}

/** A block's output with what the block added multiplied by its scale, where this graph has scales. */
function scaledChange(d: DecoderGraph, layer: number, entry: Value, output: Value): Value {
  const scale = d.blockScale(layer);
  if (scale === undefined) return output;
  return add(d.builder, entry, mul(d.builder, sub(d.builder, output, entry), scale));
}

function residual(d: DecoderGraph, layer: number, part: "attention" | "mlp", before: Value, change: Value): Value {
  const after = add(d.builder, before, change);
  d.residuals.push({ layer, part, before, after });
  return after;
}
