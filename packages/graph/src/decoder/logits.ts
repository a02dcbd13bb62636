import { matMul } from "../builder/expressions.js";
import type { FinishedGraph } from "../finished-graph.js";
import { DecoderGraph } from "./decoder-graph.js";
import { hiddenStates, inputIds } from "./hidden-states.js";
import { inputNames, outputNames } from "./names.js";
import type { LogitsOptions } from "./options.js";

/**
 * Logits, to generate text and to compare exports. Inputs: `input_ids`, `position` [B] with `positions: "one"`,
 * weights, gates and biases by option. Output: `logits`, [B, T, V] or [B, V]. Attention is causal, so whatever pads a
 * row on the right does not change the logits before it.
 */
export function logitsProgram(options: LogitsOptions): FinishedGraph {
  const { gates = true, projectionBias = false, widths = "fixed", positions = "all" } = options;
  const d = new DecoderGraph("logits", options, { gates, projectionBias, elastic: widths === "elastic" });
  const g = d.builder;
  let hidden = hiddenStates(d, inputIds(d));
  if (positions === "one") {
    hidden = g.add("SelectPosition", [hidden, g.input(inputNames.position, "int64", ["B"])], {});
  }
  return g.finish({ [outputNames.logits]: matMul(g, hidden, d.headWeight(), { transB: true }) });
}
