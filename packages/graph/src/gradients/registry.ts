import type { OpName } from "../ops/registry.js";
import { addGradient } from "./add.js";
import { concatGradient } from "./concat.js";
import { constantGradient } from "./constant.js";
import { divGradient } from "./div.js";
import { expandLikeGradient } from "./expand-like.js";
import { gatherGradient } from "./gather.js";
import { matMulGradient } from "./mat-mul.js";
import { mulGradient } from "./mul.js";
import { negGradient } from "./neg.js";
import { noGradient } from "./none.js";
import { padGradient } from "./pad.js";
import { reduceGradient } from "./reduce.js";
import { reshapeGradient } from "./reshape.js";
import { rmsNormGradient } from "./rms-norm.js";
import { ropeGradient } from "./rope.js";
import type { GradientRule } from "./rule.js";
import { scatterAddRowsGradient } from "./scatter-add-rows.js";
import { sigmoidGradient } from "./sigmoid.js";
import { siluGradient } from "./silu.js";
import { sliceGradient } from "./slice.js";
import { softmaxGradient } from "./softmax.js";
import { sqrtGradient } from "./sqrt.js";
import { subGradient } from "./sub.js";
import { tokenNllGradient } from "./token-nll.js";
import { transposeGradient } from "./transpose.js";

/** The gradient of every operation; one that is forgotten does not compile. */
export const gradients: { readonly [K in OpName]: GradientRule<K> } = {
  Abs: noGradient("it only serves statistics"),
  Add: addGradient,
  Append: noGradient("caches serve inference"),
  Cast: noGradient("weights are differentiated in the type that they are computed in"),
  CausalMask: noGradient("it has none: its inputs are counts"),
  Concat: concatGradient,
  Dequantize: noGradient("stored weights serve exports"),
  Div: divGradient,
  ExcludeMask: constantGradient,
  ExpandLike: expandLikeGradient,
  Gather: gatherGradient,
  KeepLast: noGradient("it only serves text generation"),
  Linear: noGradient("stored weights serve exports"),
  MatMul: matMulGradient,
  Mul: mulGradient,
  Neg: negGradient,
  Pad: padGradient,
  Reduce: reduceGradient,
  Reshape: reshapeGradient,
  RmsNorm: rmsNormGradient,
  Rope: ropeGradient,
  ScatterAddRows: scatterAddRowsGradient,
  SelectPosition: noGradient("it only serves text generation"),
  Sigmoid: sigmoidGradient,
  Silu: siluGradient,
  Slice: sliceGradient,
  Softmax: softmaxGradient,
  Sqrt: sqrtGradient,
  Sub: subGradient,
  TokenNll: tokenNllGradient,
  TokenNllGradient: noGradient("second derivatives of the loss are not needed"),
  TopKMask: constantGradient,
  Transpose: transposeGradient,
};
