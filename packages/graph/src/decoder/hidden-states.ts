import { add, gather } from "../builder/expressions.js";
import type { Value } from "../builder/value.js";
import { attention } from "./attention.js";
import type { DecoderGraph } from "./decoder-graph.js";
import { mlp } from "./mlp.js";
import { inputNames, weightNames } from "./names.js";

/** Input ids [B, T] of the decoder. */
export function inputIds(d: DecoderGraph): Value {
  return d.builder.input(inputNames.inputIds, "int64", ["B", d.tokens]);
}

/** All blocks and the final norm: hidden states [B, T, D] that the head reads. Absent sub-blocks add nothing. */
export function hiddenStates(d: DecoderGraph, ids: Value): Value {
  const { hiddenSize, vocabSize } = d.shape;
  const g = d.builder;
  let hidden = gather(g, d.weight(weightNames.embedding, [vocabSize, hiddenSize]), ids);
  d.shape.layers.forEach(({ kvHeads, intermediateSize }, layer) => {
    if (kvHeads > 0) {
      const normed = normalised(d, hidden, weightNames.attentionNorm(layer));
      hidden = residual(d, layer, "attention", hidden, attention(d, layer, normed));
    }
    if (intermediateSize > 0) {
      const normed = normalised(d, hidden, weightNames.mlpNorm(layer));
      hidden = residual(d, layer, "mlp", hidden, mlp(d, layer, normed));
    }
  });
  return normalised(d, hidden, weightNames.finalNorm);
}

function normalised(d: DecoderGraph, x: Value, name: string): Value {
  const weight = d.weight(name, [d.shape.hiddenSize]);
  return d.builder.add("RmsNorm", [x, weight], { epsilon: d.shape.rmsNormEps });
}

function residual(d: DecoderGraph, layer: number, part: "attention" | "mlp", before: Value, change: Value): Value {
  const after = add(d.builder, before, change);
  d.residuals.push({ layer, part, before, after });
  return after;
}
