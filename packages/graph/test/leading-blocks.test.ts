import {
  elasticWeights,
  type FinishedGraph,
  forwardProgram,
  type GraphSession,
  inputNames,
  leadingBlocksProgram,
  openSession,
  outputNames,
  projectionNames,
  weightFeeds,
} from "@espalier/graph";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { numbers, relativeError } from "./support/tensors.js";
import {
  isTensor,
  randomFeeds,
  TINY_TOKENS,
  tinyBatch,
  tinyShape,
  toFloat32,
  UNEQUAL_LAYERS,
  windowed,
} from "./support/tiny-decoder.js";

const shape = tinyShape(windowed(UNEQUAL_LAYERS, 3), false, { biases: projectionNames, qkNorm: true });
const depth = shape.layers.length;
const options = { shape, sequenceLength: TINY_TOKENS };
const elastic = { ...options, gates: false, widths: "elastic", projectionBias: true } as const;
const batch = toFloat32(tinyBatch());
const dense = toFloat32(randomFeeds(forwardProgram({ ...options, gates: false, projectionBias: true })));
const biases = Object.fromEntries(Object.entries(dense).filter(([name]) => name.startsWith(inputNames.biasPrefix)));
const weights = new Map(
  Object.entries(dense)
    .filter(([name]) => isTensor(name))
    .map(([name, { data }]) => [name, data as Float32Array]),
);
/** Biases that the graph reads. */
const ownBiases = (graph: FinishedGraph) => {
  const known = new Set(graph.inputs.map(({ name }) => name));
  return Object.fromEntries(Object.entries(biases).filter(([name]) => known.has(name)));
};

/** Sessions that are released when the work is done. */
async function using(graphs: readonly FinishedGraph[], work: (sessions: GraphSession[]) => Promise<void>) {
  const sessions = await Promise.all(graphs.map((graph) => openSession(graph)));
  await work(sessions).finally(() => Promise.all(sessions.map((session) => session.release())));
}

async function statesAfter(blocks: number) {
  const leading = leadingBlocksProgram({ ...options, blocks });
  let states = {};
  await using([leading], async ([session]) => {
    const ids = { [inputNames.inputIds]: batch[inputNames.inputIds] };
    const results = await session.run({ ...weightFeeds(leading, weights), ...ids });
    states = { [inputNames.hiddenStates]: results[outputNames.hiddenStates] };
  });
  return states;
}

describe("a forward pass that begins after leading blocks", () => {
  it.each([...Array(depth).keys()].map((k) => k + 1))(
    "gives the losses of the whole one for any units of the blocks from %i on",
    async (firstLayer) => {
      const [whole, rest] = [forwardProgram(elastic), forwardProgram({ ...elastic, firstLayer })];
      const states = await statesAfter(firstLayer);
      const units = fc.tuple(
        ...shape.layers.map(({ kvHeads, intermediateSize }, layer) => {
          const all = { kvGroups: [...Array(kvHeads).keys()], channels: [...Array(intermediateSize).keys()] };
          if (layer < firstLayer) return fc.constant(all);
          return fc.record({ kvGroups: fc.subarray(all.kvGroups), channels: fc.subarray(all.channels) });
        }),
      );
      const noBias = Object.fromEntries(
        Object.entries(biases).map(([name, { data, dims }]) => [name, { data: new Float32Array(data.length), dims }]),
      );
      await using([whole, rest], async ([wholeSession, restSession]) => {
        const property = fc.asyncProperty(units, async (kept) => {
          const sliced = elasticWeights(shape, weights, kept);
          const expected = await wholeSession.run({
            ...batch,
            ...noBias,
            ...ownBiases(rest),
            ...weightFeeds(whole, sliced),
          });
          const found = await restSession.run({
            ...batch,
            ...states,
            ...ownBiases(rest),
            ...weightFeeds(rest, sliced),
          });
          const name = outputNames.tokenNll;
          expect(relativeError(numbers(found[name]), numbers(expected[name]))).toBeLessThan(1e-6);
        });
        await fc.assert(property, { seed: 5, numRuns: 12 });
      });
    },
  );

  it("reads nothing of the blocks before it", () => {
    const names = forwardProgram({ ...options, firstLayer: 2 }).inputs.map(({ name }) => name);
    expect(names).toContain(inputNames.hiddenStates);
    expect(names.filter((name) => /layers\.[01]\.|embed_tokens/.test(name))).toEqual([]);
    expect(names).toContain(inputNames.mlpGate(2));
  });

  it("must begin inside the decoder", () => {
    expect(() => forwardProgram({ ...options, firstLayer: 5 })).toThrow("5 leading blocks of a decoder of 4");
    expect(() => leadingBlocksProgram({ ...options, blocks: 0.5 })).toThrow("0.5 leading blocks");
  });
});
