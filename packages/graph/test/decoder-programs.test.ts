import {
  type Feeds,
  type FinishedGraph,
  forwardProgram,
  inputNames,
  logitsProgram,
  observeProgram,
  openSession,
  outputNames,
  type Results,
  type SimilarityPart,
  weightFeeds,
} from "@espalier/graph";
import { describe, expect, it } from "vitest";
import { DecoderGraph } from "../src/decoder/decoder-graph.js";
import { hiddenStates, inputIds } from "../src/decoder/hidden-states.js";
import { randomNumbers } from "./support/random.js";
import { idTensor, numbers, relativeError } from "./support/tensors.js";
import {
  randomFeeds,
  TINY_IDS,
  TINY_TOKENS,
  tinyBatch,
  tinyShape,
  toFloat32,
  UNEQUAL_LAYERS,
} from "./support/tiny-decoder.js";

const shape = tinyShape(UNEQUAL_LAYERS, false);
const options = { shape, sequenceLength: TINY_TOKENS };

async function runOnce(graph: FinishedGraph, feeds: Feeds): Promise<Results> {
  const session = await openSession(graph);
  const results = await session.run(feeds);
  await session.release();
  return results;
}

const batch = toFloat32(tinyBatch());
const ids = { [inputNames.inputIds]: batch[inputNames.inputIds] };
const plain = forwardProgram({ ...options, gates: false });
const weights = toFloat32(randomFeeds(plain));

describe("forward", () => {
  it("sums token losses by their weights", async () => {
    const results = await runOnce(plain, { ...weights, ...batch });
    const losses = numbers(results[outputNames.tokenNll]);
    const tokenWeights = numbers(batch[inputNames.tokenWeights]);
    const predicted = TINY_TOKENS - 1;
    const expected = TINY_IDS.map((_, row) =>
      losses
        .slice(row * predicted, (row + 1) * predicted)
        .reduce((sum, loss, token) => sum + loss * tokenWeights[row * predicted + token], 0),
    );
    expect(relativeError(numbers(results[outputNames.rowLoss]), expected)).toBeLessThan(1e-6);
  });

  it("adds a bias to the outputs of o_proj and down_proj where one is asked for", async () => {
    const biased = forwardProgram({ ...options, gates: false, projectionBias: true });
    const biases = biased.inputs.filter(({ name }) => name.startsWith("bias."));
    expect(biases.map(({ name }) => name)).toContain(inputNames.projectionBias(3, "o_proj"));
    const zero = biases.map(({ name }) => [
      name,
      { data: new Float32Array(shape.hiddenSize), dims: [shape.hiddenSize] },
    ]);
    const same = await runOnce(biased, { ...weights, ...batch, ...Object.fromEntries(zero) });
    const expected = await runOnce(plain, { ...weights, ...batch });
    expect(same).toEqual(expected);
    const bias = { data: Float32Array.from(randomNumbers(shape.hiddenSize, 3)), dims: [shape.hiddenSize] };
    const feeds = { ...weights, ...batch, ...Object.fromEntries(zero), [inputNames.projectionBias(0, "o_proj")]: bias };
    const changed = await runOnce(biased, feeds);
    expect(changed[outputNames.rowLoss]).not.toEqual(expected[outputNames.rowLoss]);
  });

  it("gives the loss of the likeliest token beside that of the next one, in chunks or whole", async () => {
    const feeds = { ...weights, ...batch };
    const logits = numbers((await runOnce(logitsProgram({ ...options, gates: false }), { ...weights, ...ids })).logits);
    const best: number[] = [];
    TINY_IDS.forEach((_, row) => {
      for (let t = 0; t < TINY_TOKENS - 1; t++) {
        const from = (row * TINY_TOKENS + t) * shape.vocabSize;
        const values = logits.slice(from, from + shape.vocabSize);
        const top = Math.max(...values);
        best.push(Math.log(values.reduce((sum, value) => sum + Math.exp(value - top), 0)));
      }
    });
    for (const headChunkTokens of [2, TINY_TOKENS]) {
      const ranked = await runOnce(forwardProgram({ ...options, gates: false, ranked: true, headChunkTokens }), feeds);
      expect(relativeError(numbers(ranked[outputNames.bestNll]), best)).toBeLessThan(1e-5);
      const losses = numbers((await runOnce(plain, feeds))[outputNames.tokenNll]);
      expect(relativeError(numbers(ranked[outputNames.tokenNll]), losses)).toBeLessThan(1e-6);
    }
  });

  it("refuses a sequence that the model has no positions for", () => {
    expect(() => forwardProgram({ shape, sequenceLength: 17 })).toThrow(/sequence length of 17 .* 2 to 16 tokens/);
  });
});

describe("logits", () => {
  it("give the token losses of forward", async () => {
    const all = await runOnce(logitsProgram({ ...options, gates: false }), { ...weights, ...ids });
    const logits = numbers(all[outputNames.logits]);
    const losses = TINY_IDS.flatMap((row, sample) =>
      row.slice(1).map((target, position) => {
        const start = (sample * TINY_TOKENS + position) * shape.vocabSize;
        const scores = logits.slice(start, start + shape.vocabSize);
        return Math.log(scores.reduce((sum, score) => sum + Math.exp(score), 0)) - scores[target];
      }),
    );
    const expected = await runOnce(plain, { ...weights, ...batch });
    expect(relativeError(losses, numbers(expected[outputNames.tokenNll]))).toBeLessThan(1e-5);
  });

  it("at one position do not depend on what comes after it", async () => {
    const all = await runOnce(logitsProgram({ ...options, gates: false }), { ...weights, ...ids });
    const graph = logitsProgram({ ...options, gates: false, positions: "one" });
    const positions = [2, 0, 3];
    const cut = TINY_IDS.map((row, sample) => row.map((id, position) => (position > positions[sample] ? 0 : id)));
    const position = { data: BigInt64Array.from(positions, BigInt), dims: [3] };
    const feeds = { ...weights, [inputNames.inputIds]: idTensor(cut), [inputNames.position]: position };
    const one = await runOnce(graph, feeds);
    const logits = numbers(all[outputNames.logits]);
    const expected = positions.flatMap((at, sample) => {
      const start = (sample * TINY_TOKENS + at) * shape.vocabSize;
      return [...logits.slice(start, start + shape.vocabSize)];
    });
    expect(one[outputNames.logits].dims).toEqual([3, shape.vocabSize]);
    expect(relativeError(numbers(one[outputNames.logits]), expected)).toBeLessThan(1e-5);
  });
});

describe("observe", () => {
  const graph = observeProgram(options);
  const parts: [layer: number, part: SimilarityPart][] = [
    [0, "attention"],
    [0, "mlp"],
    [0, "block"],
    [1, "attention"],
    [1, "mlp"],
    [1, "block"],
    [2, "mlp"],
    [2, "block"],
    [3, "attention"],
    [3, "block"],
  ];

  it("has a similarity for each part that is there", () => {
    const found = graph.outputs.map(({ name }) => name).filter((name) => name.startsWith("similarity."));
    expect(found).toEqual(parts.map(([layer, part]) => outputNames.similarity(layer, part)));
  });

  it("measures what the hidden states say", async () => {
    const d = new DecoderGraph("hidden", options, { gates: false, projectionBias: false });
    const hidden = hiddenStates(d, inputIds(d));
    const edges = d.residuals.flatMap(({ layer, part, before, after }) => [
      [`${layer}.${part}.before`, before] as const,
      [`${layer}.${part}.after`, after] as const,
    ]);
    const inner = weightFeeds(d.builder.finish({ hidden }), asArrays(weights));
    const states = await runOnce(d.builder.finish({ hidden, ...Object.fromEntries(edges) }), { ...inner, ...ids });
    const results = await runOnce(graph, { ...weights, ...ids });
    const ends: Record<SimilarityPart, [first: string, last: string]> = {
      attention: ["attention", "attention"],
      mlp: ["mlp", "mlp"],
      block: ["attention", "mlp"],
    };
    for (const [layer, part] of parts) {
      const [first, last] = ends[part];
      const before = states[`${layer}.${first}.before`] ?? states[`${layer}.mlp.before`];
      const after = states[`${layer}.${last}.after`] ?? states[`${layer}.attention.after`];
      const expected = meanCosines(numbers(before), numbers(after));
      expect(relativeError(numbers(results[outputNames.similarity(layer, part)]), expected)).toBeLessThan(1e-5);
    }
    const means = rows(numbers(states["hidden"])).map((row) => columnMeans(row));
    expect(relativeError(numbers(results[outputNames.embedding]), means.flat())).toBeLessThan(1e-5);
  });
});

const asArrays = (feeds: Feeds) => new Map(Object.entries(feeds).map(([name, { data }]) => [name, data]));
const width = shape.hiddenSize;

/** [B·T·D] numbers as T·D per sample. */
const rows = (values: Float64Array): Float64Array[] =>
  TINY_IDS.map((_, sample) => values.slice(sample * TINY_TOKENS * width, (sample + 1) * TINY_TOKENS * width));

const columnMeans = (row: Float64Array): number[] =>
  Array.from({ length: width }, (_, column) => {
    let sum = 0;
    for (let token = 0; token < TINY_TOKENS; token++) sum += row[token * width + column];
    return sum / TINY_TOKENS;
  });

function meanCosines(before: Float64Array, after: Float64Array): number[] {
  const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, index) => sum + value * b[index], 0);
  const tokens = (row: Float64Array): Float64Array[] =>
    Array.from({ length: TINY_TOKENS }, (_, token) => row.slice(token * width, (token + 1) * width));
  const afterRows = rows(after).map(tokens);
  return rows(before).map((row, sample) => {
    const cosines = tokens(row).map((a, token) => {
      const b = afterRows[sample][token];
      return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    });
    return cosines.reduce((sum, cosine) => sum + cosine, 0) / TINY_TOKENS;
  });
}
