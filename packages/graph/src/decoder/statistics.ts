import { abs, matMul, mul, reduce, reshape } from "../builder/expressions.js";
import { productOf, type Value } from "../builder/value.js";
import type { FinishedGraph } from "../finished-graph.js";
import { differentiate } from "../gradients/differentiate.js";
import { DecoderGraph, type LinearTrace } from "./decoder-graph.js";
import { expertStatistics } from "./expert-statistics.js";
import { hiddenStates, inputIds } from "./hidden-states.js";
import { type ColumnProjection, isColumnProjection, outputNames } from "./names.js";
import type { StatisticsOptions } from "./options.js";
import { tokenLosses, tokenWeights } from "./token-losses.js";

/**
 * Everything that importance metrics are made of, from one forward and one backward pass of the dense model.
 * With g_i = d(row loss i)/dW: per vector and sample the sums of W·g_i, (W·g_i)² and |W·g_i|, per weight the sums
 * over the batch of g_i and g_i², and moments of the inputs of o_proj and down_proj.
 * Inputs: `input_ids`, `token_weights`, weights. Outputs: `token_nll` and the groups that the options ask for.
 */
export function statisticsProgram(options: StatisticsOptions): FinishedGraph {
  const d = new DecoderGraph("statistics", options, { gates: false, projectionBias: false });
  const ids = inputIds(d);
  const losses = tokenLosses(d, hiddenStates(d, ids), ids, options.headChunkTokens);
  const { outputs } = statisticsOf(d, losses, tokenWeights(d), options);
  return d.builder.finish({ [outputNames.tokenNll]: losses, ...outputs });
}

/**
 * Statistics of the projections of a graph, by name, with the gradients of Σ seed · value; and the gradients of other
 * values, in their order.
 */
export function statisticsOf(
  d: DecoderGraph,
  value: Value,
  seed: Value,
  options: StatisticsOptions,
  others: readonly Value[] = [],
): { readonly outputs: Record<string, Value>; readonly gradients: readonly Value[] } {
  const edges = d.linears.flatMap((trace) =>
    isColumnProjection(trace.projection) ? [trace.output, trace.input] : [trace.output],
  );
  const gradients = differentiate(d.builder, value, seed, [...edges, ...others]);
  const gradientOf = new Map(edges.map((edge, index) => [edge, gradients[index]]));
  const outputs: Record<string, Value> = {};
  for (const trace of d.linears) {
    Object.assign(outputs, signedStatistic(d, trace, gradientOf));
    Object.assign(outputs, gradientStatistics(d, trace, gradientOf, options));
    if (isColumnProjection(trace.projection)) {
      // Second moments serve refits, and experts are not refitted: their channels together would make huge ones.
      const gram = options.gram !== false && (trace.projection === "o_proj" || !hasExperts(d, trace.layer));
      Object.assign(outputs, inputMoments(d, trace.layer, trace.projection, trace.input, { ...options, gram }));
    }
  }
  Object.assign(outputs, expertStatistics(d));
  return { outputs, gradients: gradients.slice(edges.length) };
}

const hasExperts = (d: DecoderGraph, layer: number): boolean => d.shape.layers[layer].experts !== undefined;

type GradientOf = ReadonlyMap<Value, Value>;

function lookUp(gradientOf: GradientOf, edge: Value): Value {
  const gradient = gradientOf.get(edge);
  if (gradient === undefined) throw new RangeError(`no gradient of '${edge.name}' was asked for`);
  return gradient;
}

/**
 * Σ W·g over a vector, without g: with y = x Wᵀ, row v of g is Σ_t dy_t[v] x_t, so Σ_c W[v,c] g[v,c] = Σ_t y_t[v]
 * dy_t[v]; likewise for column c it is Σ_t x_t[c] dx_t[c].
 */
function signedStatistic(d: DecoderGraph, trace: LinearTrace, gradientOf: GradientOf): Record<string, Value> {
  const { layer, projection, input, output } = trace;
  const edge = isColumnProjection(projection) ? input : output;
  const product = mul(d.builder, edge, lookUp(gradientOf, edge));
  return { [outputNames.vectorStatistic(layer, projection, "signed")]: reduce(d.builder, "sum", product, [1]) };
}

/** What needs each sample's own weight gradient [B, out, in]. */
function gradientStatistics(
  { builder: g }: DecoderGraph,
  { layer, projection, input, weight, output }: LinearTrace,
  gradientOf: GradientOf,
  { squared = true, absolute = true, weightGradients = true }: StatisticsOptions,
): Record<string, Value> {
  const outputs: Record<string, Value> = {};
  if (!squared && !absolute && !weightGradients) return outputs;
  const gradient = matMul(g, lookUp(gradientOf, output), input, { transA: true });
  const product = squared || absolute ? mul(g, gradient, weight) : gradient;
  const within = [isColumnProjection(projection) ? 1 : 2];
  if (squared) {
    outputs[outputNames.vectorStatistic(layer, projection, "squared")] = reduce(g, "sumSquare", product, within);
  }
  if (absolute) {
    outputs[outputNames.vectorStatistic(layer, projection, "absolute")] = reduce(g, "sum", abs(g, product), within);
  }
  if (weightGradients) {
    outputs[outputNames.weightStatistic(layer, projection, "gradient_sum")] = reduce(g, "sum", gradient, [0]);
    outputs[outputNames.weightStatistic(layer, projection, "gradient_square_sum")] = reduce(
      g,
      "sumSquare",
      gradient,
      [0],
    );
  }
  return outputs;
}

/** Σ x and Σ x² over tokens [B, in], and the Gram matrix Σ x xᵀ over batch and tokens [in, in]. */
function inputMoments(
  { builder: g }: DecoderGraph,
  layer: number,
  projection: ColumnProjection,
  x: Value,
  { moments = true, gram = true }: StatisticsOptions,
): Record<string, Value> {
  const outputs: Record<string, Value> = {};
  if (moments) {
    outputs[outputNames.inputMoment(layer, projection, "sum")] = reduce(g, "sum", x, [1]);
    outputs[outputNames.inputMoment(layer, projection, "square_sum")] = reduce(g, "sumSquare", x, [1]);
  }
  if (gram) {
    const rows = reshape(g, x, [productOf(x.shape.slice(0, -1)) ?? 0, x.shape[2]]);
    outputs[outputNames.inputMoment(layer, projection, "gram")] = matMul(g, rows, rows, { transA: true });
  }
  return outputs;
}
