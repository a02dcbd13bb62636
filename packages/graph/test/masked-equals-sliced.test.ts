import type { DecoderShape } from "@espalier/contracts";
import {
  elasticWeights,
  type Feeds,
  type FinishedGraph,
  forwardProgram,
  inputNames,
  type KeptUnits,
  openGates,
  openSession,
  outputNames,
  type SliceRoom,
  weightFeeds,
} from "@espalier/graph";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { filled, numbers, relativeError } from "./support/tensors.js";
import {
  isTensor,
  randomFeeds,
  shapeOptions,
  TINY_TOKENS,
  tinyBatch,
  tinyShape,
  toFloat32,
  windowed,
} from "./support/tiny-decoder.js";

const layers = [
  { heads: 4, kvHeads: 2, intermediateSize: 5 },
  { heads: 4, kvHeads: 4, intermediateSize: 6 },
  { heads: 3, kvHeads: 1, intermediateSize: 4 },
];
const everything: KeptUnits[] = layers.map(({ kvHeads, intermediateSize }) => ({
  kvGroups: [...Array(kvHeads).keys()],
  channels: [...Array(intermediateSize).keys()],
}));
const candidate: KeptUnits[] = [
  { kvGroups: [1], channels: [0, 3, 4] },
  { kvGroups: [0, 3], channels: [1] },
  { kvGroups: [0], channels: [0, 1, 2, 3] },
];
const withoutSubBlocks: KeptUnits[] = [
  { kvGroups: [], channels: [2] },
  { kvGroups: [2], channels: [] },
  { kvGroups: [], channels: [] },
];

const batch = toFloat32(tinyBatch());

/** A decoder with gates and one with elastic widths, of the same weights. */
function decodersOf(shape: DecoderShape) {
  const options = { shape, sequenceLength: TINY_TOKENS };
  const masked = forwardProgram(options);
  const elastic = forwardProgram({ ...options, gates: false, widths: "elastic" });
  const weights = new Map(
    Object.entries(toFloat32(randomFeeds(masked)))
      .filter(([name]) => isTensor(name))
      .map(([name, { data }]) => [name, data as Float32Array]),
  );
  return { shape, options, masked, elastic, weights };
}
type Decoders = ReturnType<typeof decodersOf>;

const plain = decodersOf(tinyShape(layers));
const others = shapeOptions.map(({ name, options, window }) => ({
  name,
  d: decodersOf(tinyShape(windowed(layers, window), false, options)),
}));

/** Closed gates of what is not kept; a sub-block that keeps nothing loses the bias of its output, too. */
function gatesOf({ shape, masked, weights }: Decoders, kept: readonly KeptUnits[]): Feeds {
  const gates = { ...openGates(masked) };
  kept.forEach(({ kvGroups, channels }, layer) => {
    const { heads, kvHeads } = shape.layers[layer];
    const groups = Array.from(kvGroups);
    const attention = gates[inputNames.attentionGate(layer)].data;
    const mlp = gates[inputNames.mlpGate(layer)].data;
    for (const head of attention.keys())
      attention[head] = Number(groups.includes(Math.floor((head * kvHeads) / heads)));
    for (const channel of mlp.keys()) mlp[channel] = Number(Array.from(channels).includes(channel));
    const lost = [
      ...(groups.length === 0 ? ["self_attn.o_proj"] : []),
      ...(channels.length === 0 ? ["mlp.down_proj"] : []),
    ];
    for (const name of lost) {
      const bias = `model.layers.${layer}.${name}.bias`;
      if (weights.has(bias)) gates[bias] = filled([shape.hiddenSize], 0);
    }
  });
  return gates;
}

/** The decoder that has only what is kept. */
function slicedShape(shape: DecoderShape, kept: readonly KeptUnits[]): DecoderShape {
  const layers = kept.map(({ kvGroups, channels }, layer) => {
    const { heads, kvHeads } = shape.layers[layer];
    return {
      ...shape.layers[layer],
      heads: (heads / kvHeads) * kvGroups.length,
      kvHeads: kvGroups.length,
      intermediateSize: channels.length,
    };
  });
  return { ...shape, layers };
}

async function losses(graph: FinishedGraph, feeds: Feeds): Promise<Float64Array> {
  const session = await openSession(graph);
  const results = await session.run({ ...batch, ...feeds });
  await session.release();
  return numbers(results[outputNames.tokenNll]);
}

describe.each([{ name: "no options", d: plain }, ...others])("a decoder with $name", ({ d }) => {
  const { shape, options, masked, elastic, weights } = d;
  describe.each([
    ["everything kept", everything],
    ["some units removed", candidate],
    ["whole sub-blocks removed", withoutSubBlocks],
  ])("with %s", (_name, kept) => {
    const slices = elasticWeights(shape, weights, kept);

    it("an elastic session on sliced weights gives the losses of the masked one", async () => {
      const expected = await losses(masked, { ...weightFeeds(masked, weights), ...gatesOf(d, kept) });
      expect(relativeError(await losses(elastic, weightFeeds(elastic, slices)), expected)).toBeLessThan(1e-6);
    });

    it("so does a graph that was built for the sliced shape", async () => {
      const expected = await losses(masked, { ...weightFeeds(masked, weights), ...gatesOf(d, kept) });
      const sliced = forwardProgram({ ...options, shape: slicedShape(shape, kept), gates: false });
      expect(relativeError(await losses(sliced, weightFeeds(sliced, slices)), expected)).toBeLessThan(1e-6);
    });
  });

  it("with elastic widths gives the losses of the masked decoder for any units, sliced to arrays that were used before", async () => {
    const [maskedSession, elasticSession] = [await openSession(masked), await openSession(elastic)];
    const dense = { ...batch, ...weightFeeds(masked, weights) };
    const units = fc.tuple(
      ...everything.map(({ kvGroups, channels }) =>
        fc.record({ kvGroups: fc.subarray(Array.from(kvGroups)), channels: fc.subarray(Array.from(channels)) }),
      ),
    );
    const used = new Map([...weights].map(([name, weight]) => [name, weight.map(() => Number.NaN)]));
    const room: SliceRoom = (name, count) => used.get(name)?.subarray(0, count) ?? new Float32Array(count);
    const property = fc.asyncProperty(units, async (kept) => {
      const expected = await maskedSession.run({ ...dense, ...gatesOf(d, kept) });
      const feeds = weightFeeds(elastic, elasticWeights(shape, weights, kept, room));
      const found = await elasticSession.run({ ...batch, ...feeds });
      const name = outputNames.tokenNll;
      expect(relativeError(numbers(found[name]), numbers(expected[name]))).toBeLessThan(1e-6);
    });
    await fc.assert(property, { seed: 7, numRuns: 25 });
    await maskedSession.release();
    await elasticSession.release();
  });

  it("with elastic widths serves every candidate in one session", async () => {
    const session = await openSession(elastic);
    for (const kept of [everything, candidate, withoutSubBlocks, everything]) {
      const feeds = weightFeeds(elastic, elasticWeights(shape, weights, kept));
      const found = numbers((await session.run({ ...batch, ...feeds }))[outputNames.tokenNll]);
      const expected = await losses(masked, { ...weightFeeds(masked, weights), ...gatesOf(d, kept) });
      expect(relativeError(found, expected)).toBeLessThan(1e-6);
    }
    await session.release();
  });
});

const { shape, masked, elastic, weights } = plain;

describe("elastic widths", () => {
  it("must agree between the weights of a layer", async () => {
    const session = await openSession(elastic);
    const slices = elasticWeights(shape, weights, candidate);
    slices.set("model.layers.0.mlp.up_proj.weight", new Float32Array(4 * shape.hiddenSize));
    const feeds = weightFeeds(elastic, slices);
    await expect(session.run({ ...batch, ...feeds })).rejects.toThrow(/up_proj.weight' makes F0 = 4, .* makes it 3/);
    await session.release();
  });
});

describe("weights for a graph", () => {
  it("are refused where one is missing or of another size", () => {
    const without = new Map(weights);
    without.delete("model.norm.weight");
    expect(() => weightFeeds(masked, without)).toThrow("the graph reads 'model.norm.weight'");
    const short = new Map(weights).set("model.norm.weight", new Float32Array(5));
    expect(() => weightFeeds(masked, short)).toThrow("'model.norm.weight' has 5 numbers, the graph reads [6]");
    const uneven = new Map(weights).set("model.layers.0.mlp.up_proj.weight", new Float32Array(7));
    expect(() => weightFeeds(elastic, uneven)).toThrow("has 7 numbers, the graph reads [F0, 6]");
  });

  it("must name the units of every layer", () => {
    expect(() => elasticWeights(shape, weights, candidate.slice(1))).toThrow("given for 2 layers, the decoder has 3");
  });
});
