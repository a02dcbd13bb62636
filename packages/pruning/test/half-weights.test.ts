import { expect, it } from "vitest";
import { openForwardPool } from "../src/scoring/forward-pool.js";
import { openScorer } from "../src/scoring/scorer.js";
import { densePlan } from "../src/units/index.js";
import { openShippedModel } from "./shipped-model.js";

it("scores on matrices in half precision as on the same matrices rounded to it, replaced ones too", async () => {
  const { shape, weights, windows } = await openShippedModel();
  const name = "model.layers.1.mlp.down_proj.weight";
  const dense = weights.get(name) ?? new Float32Array(0);
  const matrices = new Map(
    [...weights].map(([key, values]) => [key, values.length > shape.hiddenSize ? rounded(values) : values]),
  );
  const replaced = dense.map((w) => 1.1 * w);
  const layers = densePlan(shape).layers.map((layer) => ({
    ...layer,
    channels: layer.channels.filter((c) => c % 3 > 0),
  }));
  const source = { windows: await windows(4, 32), weight: 1 };
  const losses = async (pool: ReturnType<typeof openForwardPool>, values: Float32Array, leadingBlocks: number) => {
    const scorer = await openScorer(pool, [source], { leadingBlocks });
    const plan = { layers: [densePlan(shape).layers[0], ...layers.slice(1)] };
    const { windowLosses } = await scorer.score({ plan, weights: new Map([[name, values]]) });
    await pool.close();
    return [...windowLosses];
  };
  const half = await losses(openForwardPool({ shape, weights, weightPrecision: "half" }), replaced, 1);
  const same = await losses(openForwardPool({ shape, weights: matrices, widths: "masked" }), rounded(replaced), 0);
  const full = await losses(openForwardPool({ shape, weights, widths: "masked" }), replaced, 0);
  const apart = (others: readonly number[]): number =>
    Math.max(...half.map((loss, window) => Math.abs(loss / others[window] - 1)));
  expect(apart(same)).toBeLessThan(1e-6);
  expect(apart(full)).toBeGreaterThan(1e-6);
  expect(apart(full)).toBeLessThan(2e-3);
});

/** Rounded to the nearest multiple of a float16's last place, for magnitudes from 2^-14 to 65,504; below, of 2^-24. */
const rounded = (values: Float32Array): Float32Array =>
  values.map((value) => {
    const step = 2 ** (Math.max(-14, Math.floor(Math.log2(Math.abs(value)))) - 10);
    const steps = value / step;
    const down = Math.floor(steps);
    const even = down % 2 === 0 ? down : down + 1;
    return value === 0 ? 0 : step * (steps - down === 0.5 ? even : Math.round(steps));
  });
