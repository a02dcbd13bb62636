import {
  differentiate,
  expressions as e,
  type Feeds,
  GraphBuilder,
  openSession,
  type Shape,
  type TensorData,
  type Value,
} from "@espalier/graph";
import { describe, expect, it } from "vitest";
import type { OpName } from "../src/ops/registry.js";
import { finiteDifferences } from "./support/finite-differences.js";
import { randomNumbers } from "./support/random.js";
import { idTensor, numbers, relativeError } from "./support/tensors.js";

const BATCH = 2;

interface GradientCase {
  /** Shapes of the float inputs, all of which are differentiated by. */
  readonly shapes: readonly Shape[];
  readonly build: (g: GraphBuilder, inputs: readonly Value[], ids: Value) => Value;
  /** Inputs are made positive, away from poles and roots of negative numbers. */
  readonly positive?: boolean;
}

const matMulCase = (a: Shape, b: Shape, transA: boolean, transB: boolean): GradientCase => ({
  shapes: [a, b],
  build: (g, [x, y]) => e.matMul(g, x, y, { transA, transB, alpha: 0.7 }),
});

/** Cases by operation; "none": its rule refuses. A new operation does not compile without its line here. */
const cases: { readonly [K in OpName]: Readonly<Record<string, GradientCase>> | "none" } = {
  Abs: "none",
  Append: "none",
  CausalMask: "none",
  Dequantize: "none",
  KeepLast: "none",
  Linear: "none",
  Add: {
    "equal shapes": {
      shapes: [
        ["B", 3],
        ["B", 3],
      ],
      build: (g, [a, b]) => e.add(g, a, b),
    },
    broadcast: {
      shapes: [
        ["B", 1, 3],
        [4, 1],
      ],
      build: (g, [a, b]) => e.add(g, a, b),
    },
    "a value with itself": { shapes: [["B", 3]], build: (g, [a]) => e.add(g, e.mul(g, a, a), a) },
  },
  Cast: "none",
  Concat: {
    "middle axis": {
      shapes: [
        ["B", 2, 3],
        ["B", 4, 3],
      ],
      build: (g, values) => e.concat(g, values, 1),
    },
  },
  Div: { broadcast: { shapes: [["B", 3], [3]], build: (g, [a, b]) => e.div(g, a, b), positive: true } },
  ExcludeMask: {
    "a choice inside a softmax": {
      shapes: [["B", 2, 5]],
      build: (g, [a]) => e.softmax(g, e.add(g, a, g.add("ExcludeMask", [g.add("TopKMask", [a], { count: 3 })], {}))),
    },
  },
  ExpandLike: {
    "over the batch": {
      shapes: [
        [1, 3],
        ["B", 3],
      ],
      build: (g, [a, b]) => e.add(g, e.expandLike(g, a, b), b),
    },
  },
  Gather: { "rows of a table": { shapes: [[5, 3]], build: (g, [table], ids) => e.gather(g, table, ids) } },
  MatMul: {
    "A B": matMulCase(["B", 2, 3, 4], ["B", 2, 4, 5], false, false),
    "A Bᵀ": matMulCase(["B", 3, 4], ["B", 5, 4], false, true),
    "Aᵀ B": matMulCase(["B", 4, 3], ["B", 4, 5], true, false),
    "Aᵀ Bᵀ": matMulCase(["B", 4, 3], ["B", 5, 4], true, true),
    "a shared weight": matMulCase(["B", 3, 4], [4, 5], false, false),
    "a shared transposed weight": matMulCase(["B", 3, 4], [5, 4], false, true),
  },
  Mul: {
    broadcast: {
      shapes: [
        ["B", 4, 3],
        ["B", 1, 3],
      ],
      build: (g, [a, b]) => e.mul(g, a, b),
    },
  },
  Neg: { "any shape": { shapes: [["B", 3]], build: (g, [a]) => e.neg(g, a) } },
  Pad: { "both sides": { shapes: [["B", 3]], build: (g, [a]) => e.pad(g, a, 1, 1, 2) } },
  Reduce: {
    sum: { shapes: [["B", 3, 4]], build: (g, [a]) => e.reduce(g, "sum", a, [0, 2]) },
    mean: { shapes: [["B", 3, 4]], build: (g, [a]) => e.reduce(g, "mean", a, [1, 2], true) },
    "sum of squares": { shapes: [["B", 3, 4]], build: (g, [a]) => e.reduce(g, "sumSquare", a, [1]) },
  },
  Reshape: { "with the batch": { shapes: [["B", 3, 4]], build: (g, [a]) => e.reshape(g, a, ["3B", 2, 2]) } },
  RmsNorm: {
    "last axis": { shapes: [["B", 2, 4], [4]], build: (g, values) => g.add("RmsNorm", values, { epsilon: 1e-2 }) },
  },
  Rope: {
    "two heads": {
      shapes: [["B", 3, 8]],
      build: (g, values) => g.add("Rope", values, { headDim: 4, frequencies: [1, 0.3], inverse: false }),
    },
  },
  ScatterAddRows: {
    "repeated rows": { shapes: [["B", 4, 3]], build: (g, [a], ids) => g.add("ScatterAddRows", [a, ids], { rows: 5 }) },
  },
  SelectPosition: "none",
  Sigmoid: { "any shape": { shapes: [["B", 3]], build: (g, [a]) => e.sigmoid(g, a) } },
  Silu: { "any shape": { shapes: [["B", 3]], build: (g, [a]) => e.silu(g, a) } },
  Slice: { "middle part": { shapes: [["B", 5, 2]], build: (g, [a]) => e.slice(g, a, 1, 1, 4) } },
  Softmax: { "last axis": { shapes: [["B", 2, 4]], build: (g, [a]) => e.softmax(g, a) } },
  Sqrt: { "positive numbers": { shapes: [["B", 3]], build: (g, [a]) => e.sqrt(g, a), positive: true } },
  Sub: { broadcast: { shapes: [["B", 3], [3]], build: (g, [a, b]) => e.sub(g, a, b) } },
  TokenNll: { "per token": { shapes: [["B", 4, 5]], build: (g, [a], ids) => g.add("TokenNll", [a, ids], {}) } },
  TokenNllGradient: "none",
  TopKMask: {
    "the two largest": {
      shapes: [["B", 2, 4]],
      build: (g, [a]) => e.mul(g, a, g.add("TopKMask", [a], { count: 2 })),
    },
  },
  Transpose: { "three axes": { shapes: [["B", 3, 4]], build: (g, [a]) => e.transpose(g, a, [2, 0, 1]) } },
};

const listed = Object.entries(cases).flatMap(([op, entry]) =>
  entry === "none" ? [] : Object.entries(entry).map(([name, gradientCase]) => ({ op, name, gradientCase })),
);

const sized = (shape: Shape): number[] =>
  shape.map((dim) => (typeof dim === "number" ? dim : BATCH * (Number.parseInt(dim, 10) || 1)));

function randomTensor(dims: readonly number[], seed: number, positive = false): TensorData & { data: Float64Array } {
  const size = dims.reduce((product, dim) => product * dim, 1);
  return { data: randomNumbers(size, seed).map((value) => (positive ? 1.5 + value : value)), dims };
}

/** A graph with the seeded loss and its gradients, and random feeds for it. */
function gradientGraph({ shapes, build, positive }: GradientCase) {
  const g = new GraphBuilder("case");
  const inputs = shapes.map((shape, index) => g.input(`x${index}`, "float64", shape));
  const ids = g.input("ids", "int64", ["B", 4]);
  const y = build(g, inputs, ids);
  const seed = g.input("seed", "float64", y.shape);
  const gradients = differentiate(g, y, seed, inputs);
  const axes = y.shape.map((_, axis) => axis);
  const loss = e.reduce(g, "sum", e.mul(g, y, seed), axes);
  const named = Object.fromEntries(gradients.map((gradient, index) => [`d${index}`, gradient]));
  const graph = g.finish({ loss, ...named });
  const feeds: Record<string, TensorData> = { seed: randomTensor(sized(y.shape), 99) };
  shapes.forEach((shape, index) => {
    feeds[`x${index}`] = randomTensor(sized(shape), index + 1, positive);
  });
  const rows = [
    [0, 3, 3, 1],
    [4, 2, 0, 3],
  ];
  if (graph.inputs.some(({ name }) => name === "ids")) feeds["ids"] = idTensor(rows);
  return { graph, feeds: feeds as Feeds };
}

describe("gradients equal finite differences in float64", () => {
  it.each(listed)("$op: $name", async ({ gradientCase }) => {
    const { graph, feeds } = gradientGraph(gradientCase);
    const session = await openSession(graph);
    const results = await session.run(feeds);
    const loss = async (): Promise<number> => numbers((await session.run(feeds, ["loss"]))["loss"])[0];
    for (const index of gradientCase.shapes.keys()) {
      const input = feeds[`x${index}`];
      const expected = await finiteDifferences(input.data as Float64Array, loss);
      expect(results[`d${index}`].dims).toEqual(input.dims);
      expect(relativeError(numbers(results[`d${index}`]), expected)).toBeLessThan(1e-7);
    }
    await session.release();
  });
});

describe("differentiate", () => {
  const graph = () => {
    const g = new GraphBuilder("refusals");
    return { g, x: g.input("x", "float64", ["B", 3]), other: g.input("other", "float64", ["B", 3]) };
  };

  it("refuses a seed of another shape", () => {
    const { g, x } = graph();
    expect(() => differentiate(g, e.reduce(g, "sum", x, [1]), x, [x])).toThrow(/seed \[B, 3\] .* must be \[B\]/);
  });

  it("refuses a value that the loss does not depend on", () => {
    const { g, x, other } = graph();
    expect(() => differentiate(g, e.mul(g, x, x), x, [other])).toThrow("does not depend on 'other'");
  });

  it("says which operation has no gradient", () => {
    const { g, x } = graph();
    expect(() => differentiate(g, e.abs(g, x), x, [x])).toThrow(/Abs → 'Abs_0' cannot be differentiated/);
  });

  it("gives the gradient of inner values too", () => {
    const { g, x } = graph();
    const inner = e.mul(g, x, x);
    const [first, second] = differentiate(g, e.neg(g, inner), x, [inner, x]);
    expect([first.shape, second.shape]).toEqual([x.shape, x.shape]);
  });
});
