import type { DecoderShape } from "@espalier/contracts";
import {
  elasticWeights,
  type Feeds,
  type FinishedGraph,
  forwardProgram,
  inputNames,
  openGates,
  openSession,
  outputGradientsProgram,
  outputNames,
  projectionWeight,
  statisticsProgram,
  weightFeeds,
  weightNames,
} from "@espalier/graph";
import { describe, expect, it } from "vitest";
import { numbers, relativeError } from "./support/tensors.js";
import {
  EXPERT_LAYERS,
  randomFeeds,
  TINY_IDS,
  TINY_TOKENS,
  tinyBatch,
  tinyShape,
  toFloat32,
} from "./support/tiny-decoder.js";

const shape = tinyShape(EXPERT_LAYERS);
const options = { shape, sequenceLength: TINY_TOKENS };
const masked = forwardProgram(options);
const elastic = forwardProgram({ ...options, gates: false, widths: "elastic" });
const batch = toFloat32(tinyBatch());
const weights = new Map(
  Object.entries(toFloat32(randomFeeds(masked)))
    .filter(([name]) => name.endsWith(".weight"))
    .map(([name, { data }]) => [name, data as Float32Array]),
);
const bothGroups = [[0], [0, 1]];

/** Kept experts of both layers. */
type KeptExperts = readonly (readonly number[])[];

function gatesOf(kept: KeptExperts): Feeds {
  const gates = openGates(masked);
  for (const [layer, experts] of kept.entries()) {
    const { data } = gates[inputNames.mlpGate(layer)];
    for (const expert of data.keys()) data[expert] = Number(experts.includes(expert));
  }
  return gates;
}

function slicedShape(kept: KeptExperts): DecoderShape {
  const layers = shape.layers.map((layer, l) => {
    if (layer.experts === undefined || kept[l].length === 0)
      return { heads: layer.heads, kvHeads: layer.kvHeads, intermediateSize: 0 };
    const size = layer.intermediateSize / layer.experts.count;
    return { ...layer, intermediateSize: size * kept[l].length, experts: { ...layer.experts, count: kept[l].length } };
  });
  return { ...shape, layers };
}

async function losses(graph: FinishedGraph, feeds: Feeds): Promise<Float64Array> {
  const session = await openSession(graph);
  const results = await session.run({ ...batch, ...feeds });
  await session.release();
  return numbers(results[outputNames.tokenNll]);
}

describe.each([
  [
    "all experts",
    [
      [0, 1, 2, 3],
      [0, 1, 2],
    ],
  ],
  ["some experts", [[0, 2, 3], [1]]],
  ["as many experts as each token uses", [[1, 3], [2]]],
  ["no experts in one layer", [[], [0, 2]]],
])("with %s kept", (_name, kept: KeptExperts) => {
  const slices = elasticWeights(
    shape,
    weights,
    kept.map((channels, l) => ({ kvGroups: bothGroups[l], channels })),
  );

  it("gates that take experts out of the choice give the losses of sliced weights and routers", async () => {
    const expected = await losses(masked, { ...weightFeeds(masked, weights), ...gatesOf(kept) });
    expect(relativeError(await losses(elastic, weightFeeds(elastic, slices)), expected)).toBeLessThan(1e-6);
    const sliced = forwardProgram({ ...options, shape: slicedShape(kept), gates: false });
    expect(relativeError(await losses(sliced, weightFeeds(sliced, slices)), expected)).toBeLessThan(1e-6);
  });
});

describe("gradients of a candidate's outputs", () => {
  it("are those of the choice among the experts that it keeps", async () => {
    const kept = [
      [0, 2, 3],
      [1, 2],
    ];
    const backward = outputGradientsProgram(options);
    const gates = gatesOf(kept);
    const own = Object.fromEntries(Object.entries(gates).filter(([name]) => name.endsWith(".mlp")));
    const found = await losses(backward, { ...weightFeeds(backward, weights), ...own });
    const expected = await losses(masked, { ...weightFeeds(masked, weights), ...gates });
    expect(relativeError(found, expected)).toBeLessThan(1e-6);
    const outputs = backward.outputs.map(({ name }) => name);
    expect(outputs).not.toContain(outputNames.outputGradient(0, "down_proj", "sum"));
  });
});

describe("a removed expert", () => {
  it("leaves its tokens to the others, which a gate on its output alone would not", async () => {
    const kept = [
      [0, 1, 3],
      [0, 1, 2],
    ];
    const rerouted = await losses(masked, { ...weightFeeds(masked, weights), ...gatesOf(kept) });
    const silent = new Map(weights);
    const down = Float32Array.from(weights.get(projectionWeight(0, "down_proj")) ?? []);
    for (let i = 0; i < down.length; i++) if (Math.floor((i % 12) / 3) === 2) down[i] = 0;
    silent.set(projectionWeight(0, "down_proj"), down);
    const silenced = await losses(masked, { ...weightFeeds(masked, silent), ...openGates(masked) });
    expect(relativeError(silenced, rerouted)).toBeGreaterThan(1e-4);
  });
});

describe("statistics of experts", () => {
  it("count the tokens that chose each expert and weigh the norm of what it adds by the change of the state", async () => {
    const graph = statisticsProgram({ ...options, dtype: "float64" });
    const session = await openSession(graph);
    const results = await session.run({ ...randomFeeds(graph), ...tinyBatch() });
    await session.release();
    for (const [layer, { experts }] of shape.layers.entries()) {
      const chosen = results[outputNames.expertStatistic(layer, "chosen")];
      expect(chosen.dims).toEqual([TINY_IDS.length, experts?.count]);
      for (const row of TINY_IDS.keys()) {
        const ofRow = numbers(chosen).slice(row * chosen.dims[1], (row + 1) * chosen.dims[1]);
        expect(ofRow.reduce((sum, count) => sum + count, 0)).toBe((experts?.perToken ?? 0) * TINY_TOKENS);
      }
      const output = results[outputNames.expertStatistic(layer, "output")];
      expect(output.dims).toEqual(chosen.dims);
      numbers(output).forEach((value, i) => {
        if (numbers(chosen)[i] === 0) expect(value).toBe(0);
        else expect(value).toBeGreaterThan(0);
      });
      expect(results[outputNames.inputMoment(layer, "down_proj", "gram")]).toBeUndefined();
    }
  });

  it("read a router whose name every family shares", () => {
    expect(masked.inputs.map(({ name }) => name)).toContain(weightNames.router(1));
  });
});
