import { abs } from "./abs.js";
import { add } from "./add.js";
import { type AppendAttributes, append } from "./append.js";
import { type CastAttributes, cast } from "./cast.js";
import { type CausalMaskAttributes, causalMask } from "./causal-mask.js";
import { type ConcatAttributes, concat } from "./concat.js";
import type { NoAttributes, OpDefinition } from "./definition.js";
import { dequantize } from "./dequantize.js";
import { div } from "./div.js";
import { excludeMask } from "./exclude-mask.js";
import { expandLike } from "./expand-like.js";
import { gather } from "./gather.js";
import { keepLast } from "./keep-last.js";
import { linear } from "./linear.js";
import { type MatMulAttributes, matMul } from "./mat-mul.js";
import { mul } from "./mul.js";
import { neg } from "./neg.js";
import { type PadAttributes, pad } from "./pad.js";
import { type ReduceAttributes, reduce } from "./reduce.js";
import { type ReshapeAttributes, reshape } from "./reshape.js";
import { type RmsNormAttributes, rmsNorm } from "./rms-norm.js";
import { type RopeAttributes, rope } from "./rope.js";
import { type ScatterAddRowsAttributes, scatterAddRows } from "./scatter-add-rows.js";
import { selectPosition } from "./select-position.js";
import { sigmoid } from "./sigmoid.js";
import { silu } from "./silu.js";
import { type SliceAttributes, slice } from "./slice.js";
import { softmax } from "./softmax.js";
import { sqrt } from "./sqrt.js";
import { sub } from "./sub.js";
import { tokenNll } from "./token-nll.js";
import { tokenNllGradient } from "./token-nll-gradient.js";
import { type TopKMaskAttributes, topKMask } from "./top-k-mask.js";
import { type TransposeAttributes, transpose } from "./transpose.js";

/** Every operation of our graphs with its attributes. */
export interface OpAttributes {
  readonly Abs: NoAttributes;
  readonly Add: NoAttributes;
  readonly Append: AppendAttributes;
  readonly Cast: CastAttributes;
  readonly CausalMask: CausalMaskAttributes;
  readonly Concat: ConcatAttributes;
  readonly Dequantize: NoAttributes;
  readonly Div: NoAttributes;
  readonly ExcludeMask: NoAttributes;
  readonly ExpandLike: NoAttributes;
  readonly Gather: NoAttributes;
  readonly KeepLast: NoAttributes;
  readonly Linear: NoAttributes;
  readonly MatMul: MatMulAttributes;
  readonly Mul: NoAttributes;
  readonly Neg: NoAttributes;
  readonly Pad: PadAttributes;
  readonly Reduce: ReduceAttributes;
  readonly Reshape: ReshapeAttributes;
  readonly RmsNorm: RmsNormAttributes;
  readonly Rope: RopeAttributes;
  readonly ScatterAddRows: ScatterAddRowsAttributes;
  readonly SelectPosition: NoAttributes;
  readonly Sigmoid: NoAttributes;
  readonly Silu: NoAttributes;
  readonly Slice: SliceAttributes;
  readonly Softmax: NoAttributes;
  readonly Sqrt: NoAttributes;
  readonly Sub: NoAttributes;
  readonly TokenNll: NoAttributes;
  readonly TokenNllGradient: NoAttributes;
  readonly TopKMask: TopKMaskAttributes;
  readonly Transpose: TransposeAttributes;
}

/** Names of the operations. */
export type OpName = keyof OpAttributes;

/** The definition of every operation; one that is forgotten does not compile. */
export const operations: { readonly [K in OpName]: OpDefinition<OpAttributes[K]> } = {
  Abs: abs,
  Add: add,
  Append: append,
  Cast: cast,
  CausalMask: causalMask,
  Concat: concat,
  Dequantize: dequantize,
  Div: div,
  ExcludeMask: excludeMask,
  ExpandLike: expandLike,
  Gather: gather,
  KeepLast: keepLast,
  Linear: linear,
  MatMul: matMul,
  Mul: mul,
  Neg: neg,
  Pad: pad,
  Reduce: reduce,
  Reshape: reshape,
  RmsNorm: rmsNorm,
  Rope: rope,
  ScatterAddRows: scatterAddRows,
  SelectPosition: selectPosition,
  Sigmoid: sigmoid,
  Silu: silu,
  Slice: slice,
  Softmax: softmax,
  Sqrt: sqrt,
  Sub: sub,
  TokenNll: tokenNll,
  TokenNllGradient: tokenNllGradient,
  TopKMask: topKMask,
  Transpose: transpose,
};
