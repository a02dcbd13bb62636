import {
  adapterGradientsProgram,
  blockScaleGradientsProgram,
  columnProjections,
  type Feeds,
  type FinishedGraph,
  forwardProgram,
  type GraphSession,
  gateGradientsProgram,
  inputNames,
  openGates,
  openSession,
  outputGradientsProgram,
  outputNames,
  type ProjectionName,
  projectionWeight,
  weightGradientsProgram,
} from "@espalier/graph";
import { describe, expect, it } from "vitest";
import { finiteDifferences } from "./support/finite-differences.js";
import { numbers, relativeError } from "./support/tensors.js";
import {
  EXPERT_LAYERS,
  isTensor,
  randomFeeds,
  shapeOptions,
  TINY_TOKENS,
  tinyBatch,
  tinyShape,
  toFloat32,
  UNEQUAL_LAYERS,
  windowed,
} from "./support/tiny-decoder.js";

const decoders = [
  { name: "multi-head, tied", shape: tinyShape([{ heads: 2, kvHeads: 2, intermediateSize: 5 }]) },
  { name: "grouped queries, untied", shape: tinyShape([{ heads: 4, kvHeads: 2, intermediateSize: 5 }], false) },
  { name: "unequal layers, tied", shape: tinyShape(UNEQUAL_LAYERS) },
  ...shapeOptions.map(({ name, options, window }) => ({
    name,
    shape: tinyShape(
      windowed([{ heads: 4, kvHeads: 2, intermediateSize: 5 }, UNEQUAL_LAYERS[1]], window),
      false,
      options,
    ),
  })),
  { name: "mixtures of experts", shape: tinyShape(EXPERT_LAYERS) },
];

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
const lossOf = async (session: GraphSession, feeds: Feeds): Promise<Float64Array> =>
  numbers((await session.run(feeds, [outputNames.rowLoss]))[outputNames.rowLoss]);

async function runOnce(graph: FinishedGraph, feeds: Feeds) {
  const session = await openSession(graph);
  const results = await session.run(feeds);
  await session.release();
  return results;
}

describe.each(decoders)("a decoder ($name) in float64", ({ shape }) => {
  const options = { shape, sequenceLength: TINY_TOKENS, dtype: "float64", headChunkTokens: 3 } as const;
  const forward = forwardProgram({ ...options, gates: false });
  const weights = forward.inputs.map(({ name }) => name).filter(isTensor);
  const feeds = { ...randomFeeds(forward), ...tinyBatch() };

  it("has weight gradients equal to finite differences", async () => {
    const results = await runOnce(weightGradientsProgram({ ...options, weights }), feeds);
    const session = await openSession(forward);
    for (const name of weights) {
      const loss = async () => sum(await lossOf(session, feeds));
      const expected = await finiteDifferences(feeds[name].data as Float64Array, loss);
      const found = numbers(results[outputNames.weightGradient(name)]);
      expect(relativeError(found, expected), name).toBeLessThan(1e-6);
    }
    await session.release();
  });

  it("has gate gradients of each sample equal to finite differences, at gates that are not 1", async () => {
    const gated = forwardProgram(options);
    const gateFeeds = { ...randomFeeds(gated), ...tinyBatch() };
    const results = await runOnce(gateGradientsProgram(options), gateFeeds);
    const session = await openSession(gated);
    const rows = tinyBatch()[inputNames.inputIds].dims[0];
    for (const { name } of gated.inputs.filter((input) => input.name.startsWith(inputNames.gatePrefix))) {
      for (let row = 0; row < rows; row++) {
        const loss = async () => (await lossOf(session, gateFeeds))[row];
        const expected = await finiteDifferences(gateFeeds[name].data as Float64Array, loss);
        const found = numbers(results[`gradients.${name}`]).slice(row * expected.length, (row + 1) * expected.length);
        expect(relativeError(found, expected), `${name}, row ${row}`).toBeLessThan(1e-6);
      }
    }
    await session.release();
  });

  it("has gradients of block scales equal to finite differences, at scales that are not 1", async () => {
    const graph = blockScaleGradientsProgram(options);
    const scaled = { ...randomFeeds(graph), ...tinyBatch() };
    const session = await openSession(graph);
    const loss = async () => {
      const nll = numbers((await session.run(scaled, [outputNames.tokenNll]))[outputNames.tokenNll]);
      return sum(nll.map((value, i) => value * Number(scaled[inputNames.tokenWeights].data[i])));
    };
    const results = await session.run(scaled);
    for (const layer of shape.layers.keys()) {
      const expected = await finiteDifferences(scaled[inputNames.blockScale(layer)].data as Float64Array, loss);
      const found = numbers(results[outputNames.blockScaleGradient(layer)]);
      expect(relativeError(found, expected), `block ${layer}`).toBeLessThan(1e-6);
    }
    await session.release();
  });

  it("is the model without a block at scale 0, and the model at scales of 1", async () => {
    const graph = blockScaleGradientsProgram(options);
    const scales = (values: readonly number[]): Feeds =>
      Object.fromEntries(
        values.map((value, layer) => [inputNames.blockScale(layer), { data: Float64Array.of(value), dims: [1] }]),
      );
    const nll = async (program: FinishedGraph, more: Feeds) => {
      const known = new Set(program.inputs.map(({ name }) => name));
      const read = Object.entries({ ...feeds, ...more }).filter(([name]) => known.has(name));
      return [...numbers((await runOnce(program, Object.fromEntries(read)))[outputNames.tokenNll])];
    };
    const ones = shape.layers.map(() => 1);
    const close = (found: readonly number[], expected: readonly number[]): void => {
      for (const [i, value] of found.entries()) expect(value).toBeCloseTo(expected[i], 10);
    };
    close(await nll(graph, scales(ones)), await nll(forward, {}));
    const layers = shape.layers.map((layer, l) =>
      l === 0 ? { ...layer, heads: 0, kvHeads: 0, intermediateSize: 0 } : layer,
    );
    const without = forwardProgram({ ...options, shape: { ...shape, layers }, gates: false });
    close(await nll(graph, scales(ones.with(0, 0))), await nll(without, {}));
  });

  it("has output gradients equal to finite differences by the biases and weights of output projections", async () => {
    const biased = forwardProgram({ ...options, gates: false, projectionBias: true });
    const biasedFeeds = { ...randomFeeds(biased), ...tinyBatch() };
    const backward = outputGradientsProgram({ ...options, projectionBias: true });
    const openExperts = openGates(backward);
    const results = await runOnce(backward, { ...biasedFeeds, ...openExperts });
    const session = await openSession(biased);
    const loss = async () => sum(await lossOf(session, biasedFeeds));
    for (const [layer, { kvHeads, intermediateSize, experts }] of shape.layers.entries()) {
      for (const projection of columnProjections) {
        if ((projection === "o_proj" ? kvHeads : intermediateSize) === 0) continue;
        if (projection === "down_proj" && experts !== undefined) continue;
        const byName = async (input: string, output: string) => {
          const expected = await finiteDifferences(biasedFeeds[input].data as Float64Array, loss);
          expect(relativeError(numbers(results[output]), expected), output).toBeLessThan(1e-6);
        };
        const { outputGradient, weightStatistic } = outputNames;
        await byName(inputNames.projectionBias(layer, projection), outputGradient(layer, projection, "sum"));
        await byName(projectionWeight(layer, projection), weightStatistic(layer, projection, "gradient_sum"));
        const squares = numbers(results[outputGradient(layer, projection, "square_sum")]);
        const sums = numbers(results[outputGradient(layer, projection, "sum")]);
        // Cauchy–Schwarz over the tokens of all rows: a bound that a wrong sum would break.
        const tokens = TINY_TOKENS * tinyBatch()[inputNames.inputIds].dims[0];
        for (const [o, square] of squares.entries()) expect(square * tokens).toBeGreaterThanOrEqual(sums[o] ** 2);
      }
    }
    await session.release();
  });

  it("has adapter gradients equal to finite differences, ranks and scales unequal", async () => {
    const adapters = (layer: number, projection: ProjectionName) =>
      projection === "k_proj" ? undefined : { rank: 1 + (layer % 2), scale: 0.5 + layer };
    const graph = adapterGradientsProgram({ ...options, adapters });
    const adapterFeeds = { ...randomFeeds(graph), ...tinyBatch() };
    const session = await openSession(graph);
    const results = await session.run(adapterFeeds);
    const tokenWeights = numbers(adapterFeeds[inputNames.tokenWeights]);
    const loss = async () => {
      const { [outputNames.tokenNll]: nll } = await session.run(adapterFeeds, [outputNames.tokenNll]);
      return sum(numbers(nll).map((value, i) => value * tokenWeights[i]));
    };
    const names = graph.inputs.map(({ name }) => name).filter((name) => name.startsWith("adapters."));
    expect(names.some((name) => name.includes("k_proj"))).toBe(false);
    for (const name of names) {
      const expected = await finiteDifferences(adapterFeeds[name].data as Float64Array, loss);
      const found = numbers(results[outputNames.adapterGradient(name)]);
      expect(relativeError(found, expected), name).toBeLessThan(1e-6);
    }
    await session.release();
  });

  it("has gradients of what quiet blocks still change equal to finite differences", async () => {
    const quiet = { blocks: [0], penalty: 3 };
    const adapters = (_: number, projection: ProjectionName) =>
      projection === "o_proj" || projection === "down_proj" ? { rank: 1, scale: 0.7 } : undefined;
    const graph = adapterGradientsProgram({ ...options, adapters, quiet });
    const rows = tinyBatch()[inputNames.inputIds].dims[0];
    const quietFeeds = { ...randomFeeds(graph), ...tinyBatch() };
    const weigh = { data: Float64Array.from({ length: rows }, (_, row) => 1 + row), dims: [rows] };
    quietFeeds[inputNames.rowWeights] = weigh;
    const session = await openSession(graph);
    const results = await session.run(quietFeeds);
    const objective = async () => {
      const values = numbers((await session.run(quietFeeds, [outputNames.rowObjective]))[outputNames.rowObjective]);
      return sum(values.map((value, row) => value * weigh.data[row]));
    };
    for (const { name } of graph.inputs.filter((input) => input.name.startsWith("adapters."))) {
      const expected = await finiteDifferences(quietFeeds[name].data as Float64Array, objective);
      const found = numbers(results[outputNames.adapterGradient(name)]);
      expect(relativeError(found, expected), name).toBeLessThan(1e-6);
    }
    await session.release();
  });

  it("computes in float32 what it computes in float64", async () => {
    const single = weightGradientsProgram({ shape, sequenceLength: TINY_TOKENS, weights });
    const found = await runOnce(single, toFloat32(feeds));
    const expected = await runOnce(weightGradientsProgram({ ...options, weights }), feeds);
    for (const [name, value] of Object.entries(expected)) {
      expect(relativeError(numbers(found[name]), numbers(value)), name).toBeLessThan(1e-4);
    }
  });
});

describe("gates of a decoder", () => {
  const shape = tinyShape(UNEQUAL_LAYERS);
  const options = { shape, sequenceLength: TINY_TOKENS } as const;

  it("score a candidate per row of the batch in one run", async () => {
    const graph = forwardProgram(options);
    const feeds = { ...toFloat32(randomFeeds(graph)), ...toFloat32(tinyBatch()) };
    const gateNames = graph.inputs.map(({ name }) => name).filter((name) => name.startsWith(inputNames.gatePrefix));
    const perRow = { ...feeds, ...openGates(graph, 3) };
    for (const name of gateNames) perRow[name].data.fill(0 as never, 0, perRow[name].dims[1]);
    const together = await runOnce(graph, perRow);
    const closed = { ...feeds, ...openGates(graph) };
    for (const name of gateNames) closed[name].data.fill(0 as never);
    const [mixed, none, all] = [
      numbers(together[outputNames.tokenNll]),
      numbers((await runOnce(graph, closed))[outputNames.tokenNll]),
      numbers((await runOnce(graph, { ...feeds, ...openGates(graph) }))[outputNames.tokenNll]),
    ];
    const row = TINY_TOKENS - 1;
    expect(relativeError(mixed.slice(0, row), none.slice(0, row))).toBeLessThan(1e-6);
    expect(relativeError(mixed.slice(row), all.slice(row))).toBeLessThan(1e-6);
  });
});
