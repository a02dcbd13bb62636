import { indices, submatrix } from "../../linear-algebra/index.js";
import { blockEffect, blockStarts } from "./block-effect.js";
import type { Effect, EffectInput, EffectModel } from "./effects.js";

/** Nothing is refitted: a unit takes its own contribution W_B x_B away, or brings it back. */
export const mask: EffectModel = {
  effects: (input) => ({
    removal: contributions(input, input.kept, -1),
    restoration: contributions(input, input.removed.subarray(0, input.restorable), 1),
  }),
};

/** As `mask`, but the mean contribution stays as a bias: only W_B (x_B − mean) comes and goes. */
export const centredMask: EffectModel = {
  effects(input) {
    const { statistics, gradient } = input;
    const { inputs, outputs, gram, mean } = statistics;
    if (gram === undefined || mean === undefined) throw new RangeError("a bias without input moments");
    const slope = gradient.slope.slice();
    const covariance = Float64Array.from(gram);
    for (let o = 0; o < outputs; o++)
      for (let i = 0; i < inputs; i++) slope[o * inputs + i] -= gradient.outputSlope[o] * mean[i];
    for (let i = 0; i < inputs; i++) for (let j = 0; j < inputs; j++) covariance[i * inputs + j] -= mean[i] * mean[j];
    return mask.effects({
      ...input,
      statistics: { ...statistics, gram: covariance },
      gradient: { ...gradient, slope },
    });
  },
};

function contributions({ statistics, gradient, blockWidth }: EffectInput, units: Int32Array, sign: 1 | -1): Effect[] {
  const { inputs, outputs, weight, gram } = statistics;
  if (gram === undefined) throw new RangeError("effects without a Gram matrix");
  const rows = indices(outputs);
  return blockStarts(units, blockWidth).map((at) => {
    const block = units.subarray(at, at + blockWidth);
    const step = submatrix(weight, inputs, rows, block).map((x) => sign * x);
    return blockEffect(
      gradient,
      step,
      submatrix(gradient.slope, inputs, rows, block),
      submatrix(gram, inputs, block, block),
    );
  });
}
