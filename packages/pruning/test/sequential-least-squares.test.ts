import { projectionWeight } from "@espalier/graph";
import { beforeAll, describe, expect, it } from "vitest";
import { refitTowards } from "../src/recovery/least-squares/refit.js";
import { StateWindows } from "../src/recovery/least-squares/state-windows.js";
import { advance, embedInto, measureLack } from "../src/recovery/least-squares/sub-blocks.js";
import { recover } from "../src/recovery/recover.js";
import type { RecoveryInput } from "../src/recovery/recovery.js";
import { openValidation } from "../src/recovery/validation.js";
import { numbers } from "./numbers.js";
import { recoverableInput } from "./recoverable-model.js";

describe("a refit towards what outputs lack", () => {
  const [inputs, outputs, tokens] = [3, 2, 9];
  const x = numbers(tokens * inputs, 1);
  const e = numbers(tokens * outputs, 2);
  const weight = Float32Array.from(numbers(outputs * inputs, 3));
  const moment = (a: Float64Array, n: number, b: Float64Array, m: number): Float64Array =>
    Float64Array.from({ length: n * m }, (_, at) => {
      let sum = 0;
      for (let t = 0; t < tokens; t++) sum += a[t * n + Math.floor(at / m)] * b[t * m + (at % m)];
      return sum;
    });
  const lack = { inputs, outputs, gram: moment(x, inputs, x, inputs), cross: moment(e, outputs, x, inputs) };
  /** Σ‖e − (W′ − W) x‖² + μ‖W′ − W‖², term by term. */
  const objective = (repaired: ArrayLike<number>, mu: number): number => {
    let sum = 0;
    for (let t = 0; t < tokens; t++) {
      for (let o = 0; o < outputs; o++) {
        let rest = e[t * outputs + o];
        for (let i = 0; i < inputs; i++) {
          rest -= (repaired[o * inputs + i] - weight[o * inputs + i]) * x[t * inputs + i];
        }
        sum += rest * rest;
      }
    }
    for (let i = 0; i < weight.length; i++) sum += mu * (repaired[i] - weight[i]) ** 2;
    return sum;
  };

  it("is the minimum of error and ridge", () => {
    const lambda = 0.1;
    const mu = (lambda * (lack.gram[0] + lack.gram[4] + lack.gram[8])) / inputs;
    const repaired = Float64Array.from(refitTowards(weight, lack, lambda));
    const least = objective(repaired, mu);
    expect(least).toBeLessThan(objective(weight, mu));
    for (let i = 0; i < repaired.length; i++) {
      for (const step of [-0.01, 0.01]) {
        const beside = repaired.slice();
        beside[i] += step;
        expect(objective(beside, mu)).toBeGreaterThan(least);
      }
    }
  });

  it("leaves a projection whose inputs are all zero", () => {
    expect(refitTowards(weight, { ...lack, gram: new Float64Array(9), cross: new Float64Array(6) }, 1)).toBe(weight);
  });
});

describe("sequential least squares", () => {
  let input: RecoveryInput;
  beforeAll(async () => {
    input = await recoverableInput();
  });
  const settings = { method: "least_squares", training_windows: 24, lambda: 1e-3 } as const;

  it("brings every sub-block's outputs at least as near to the dense model as they were", async () => {
    const { weights } = await recover(input, settings);
    const own = new Map([...input.pruned.weights]);
    const pruned = { shape: input.pruned.shape, weights: own };
    const windows = input.training;
    const [states, targets] = [0, 1].map(() => new StateWindows(windows.length, 32, pruned.shape.hiddenSize));
    await embedInto(states, pruned, windows, {});
    await embedInto(targets, input.dense, windows, {});
    for (const [layer, { kvHeads, intermediateSize }] of pruned.shape.layers.entries()) {
      for (const part of ["attention", "mlp"] as const) {
        await advance(targets, { model: input.dense, layer, part }, {});
        if ((part === "attention" ? kvHeads : intermediateSize) === 0) continue;
        const block = { model: pruned, layer, part };
        const name = projectionWeight(layer, part === "attention" ? "o_proj" : "down_proj");
        const before = await measureLack(states, targets, block, {});
        own.set(name, weights.get(name) ?? new Float32Array());
        const after = await measureLack(states, targets, block, {});
        expect(after.squares, name).toBeLessThanOrEqual(before.squares * (1 + 1e-6));
        await advance(states, block, {});
      }
    }
  });

  it("lowers the loss on the scoring text and says so", async () => {
    const { weights, loss, training } = await recover(input, settings);
    const validation = await openValidation(input);
    expect(await validation.loss(weights)).toBe(loss);
    expect(loss).toBeLessThan(await validation.loss(new Map()));
    await validation.close();
    expect(training).toBeNull();
  });
});
