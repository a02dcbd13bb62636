import {
  columnProjections,
  isColumnProjection,
  openSession,
  outputNames,
  projectionNames,
  projectionWeight,
  type Results,
  statisticsProgram,
  weightGradientsProgram,
} from "@espalier/graph";
import { beforeAll, describe, expect, it } from "vitest";
import { numbers, relativeError } from "./support/tensors.js";
import {
  randomFeeds,
  TINY_IDS,
  TINY_TOKENS,
  tinyBatch,
  tinyShape,
  toFloat32,
  UNEQUAL_LAYERS,
  windowed,
} from "./support/tiny-decoder.js";

// Learned biases and norms of heads add nothing to the terms: these are of the matrices alone.
const shape = tinyShape(windowed(UNEQUAL_LAYERS, 3), true, { biases: projectionNames, qkNorm: true });
const layersWith = {
  attention: shape.layers.flatMap(({ kvHeads }, layer) => (kvHeads > 0 ? [layer] : [])),
  mlp: shape.layers.flatMap(({ intermediateSize }, layer) => (intermediateSize > 0 ? [layer] : [])),
};
const matrices = projectionNames.flatMap((projection) => {
  const layers = projectionWeight(0, projection).includes("mlp") ? layersWith.mlp : layersWith.attention;
  return layers.map((layer) => ({ layer, projection, weight: projectionWeight(layer, projection) }));
});

/** Rows of a [rows, columns] matrix folded to one number per row, or per column. */
function fold(
  values: Float64Array,
  columns: number,
  perColumn: boolean,
  term: (value: number) => number,
): Float64Array {
  const vectors = new Float64Array(perColumn ? columns : values.length / columns);
  values.forEach((value, index) => {
    vectors[perColumn ? index % columns : Math.floor(index / columns)] += term(value);
  });
  return vectors;
}

// Float64 shows that the formulas agree, float32 that what is really used does.
describe.each([
  { dtype: "float64", tolerance: 1e-10 },
  { dtype: "float32", tolerance: 2e-4 },
] as const)("statistics in $dtype equal direct computation from each sample's weight gradient", (variant) => {
  const { dtype, tolerance } = variant;
  const graph = statisticsProgram({ shape, sequenceLength: TINY_TOKENS, dtype });
  const weights = randomFeeds(graph);
  /** Weight gradients of each sample, from runs with a batch of one. */
  const samples: Results[] = [];
  let found: Results = {};

  beforeAll(async () => {
    const names = matrices.map(({ weight }) => weight);
    const options = { shape, sequenceLength: TINY_TOKENS, dtype: "float64" } as const;
    const single = await openSession(weightGradientsProgram({ ...options, weights: names }));
    const batch = tinyBatch();
    for (const row of TINY_IDS.keys()) {
      const rowFeeds = Object.entries(batch).map(([name, { data, dims }]) => {
        const part = data.slice(row * dims[1], (row + 1) * dims[1]);
        return [name, { data: part, dims: [1, dims[1]] }] as const;
      });
      samples.push(await single.run({ ...weights, ...Object.fromEntries(rowFeeds) }));
    }
    await single.release();
    const session = await openSession(graph);
    const feeds = { ...weights, ...batch };
    found = await session.run(dtype === "float32" ? toFloat32(feeds) : feeds);
    await session.release();
  });

  it.each(matrices)("layer $layer $projection", ({ layer, projection, weight }) => {
    const w = numbers(weights[weight]);
    const columns = weights[weight].dims[1];
    const perColumn = isColumnProjection(projection);
    const gradients = samples.map((sample) => numbers(sample[outputNames.weightGradient(weight)]));
    const terms = { signed: (x: number) => x, squared: (x: number) => x * x, absolute: Math.abs };
    for (const kind of ["signed", "squared", "absolute"] as const) {
      const expected = gradients.flatMap((gradient) => [
        ...fold(
          gradient.map((value, index) => value * w[index]),
          columns,
          perColumn,
          terms[kind],
        ),
      ]);
      const values = numbers(found[outputNames.vectorStatistic(layer, projection, kind)]);
      expect(relativeError(values, expected), kind).toBeLessThan(tolerance);
    }
    for (const [kind, term] of [
      ["gradient_sum", terms.signed],
      ["gradient_square_sum", terms.squared],
    ] as const) {
      const expected = w.map((_, index) => gradients.reduce((sum, gradient) => sum + term(gradient[index]), 0));
      const values = numbers(found[outputNames.weightStatistic(layer, projection, kind)]);
      expect(relativeError(values, expected), kind).toBeLessThan(tolerance);
    }
  });

  it.each(columnProjections)("moments of the inputs of %s agree with their Gram matrix", (projection) => {
    for (const layer of projection === "o_proj" ? layersWith.attention : layersWith.mlp) {
      const [sum, squares, gram] = (["sum", "square_sum", "gram"] as const).map(
        (kind) => found[outputNames.inputMoment(layer, projection, kind)],
      );
      const width = gram.dims[0];
      expect([sum.dims, squares.dims, gram.dims]).toEqual([
        [TINY_IDS.length, width],
        [TINY_IDS.length, width],
        [width, width],
      ]);
      const diagonal = Float64Array.from({ length: width }, (_, index) => numbers(gram)[index * (width + 1)]);
      const total = fold(numbers(squares), width, true, (value) => value);
      expect(relativeError(total, diagonal)).toBeLessThan(tolerance);
    }
  });
});

describe("groups of statistics", () => {
  const options = { shape, sequenceLength: TINY_TOKENS };
  const kindsOf = (names: readonly string[]): Set<string> =>
    new Set(names.map((name) => name.split(".").slice(4).join(".")));

  it("leave out what is not asked for", () => {
    const least = { squared: false, absolute: false, weightGradients: false, moments: false, gram: false };
    const graph = statisticsProgram({ ...options, ...least });
    expect(kindsOf(graph.outputs.map(({ name }) => name))).toEqual(new Set(["", "signed"]));
    const full = statisticsProgram(options);
    expect(graph.bytes.length).toBeLessThan(full.bytes.length);
  });
});
