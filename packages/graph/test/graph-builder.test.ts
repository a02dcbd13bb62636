import { AppError } from "@espalier/contracts";
import { expressions as e, forwardProgram, GraphBuilder, openSession, type Value } from "@espalier/graph";
import { describe, expect, it } from "vitest";
import { filled, numbers } from "./support/tensors.js";
import { tinyShape, UNEQUAL_LAYERS } from "./support/tiny-decoder.js";

function builder() {
  const g = new GraphBuilder("test");
  return { g, x: g.input("x", "float32", ["B", 4, 6]), w: g.input("w", "float32", [5, 7]) };
}

describe("a graph builder", () => {
  const mistakes: [name: string, mistake: (g: GraphBuilder, x: Value, w: Value) => unknown, message: RegExp][] = [
    [
      "an inner dimension",
      (g, x, w) => e.matMul(g, x, w, { transB: true }),
      /MatMul → 'MatMul_0', edge 'w': expected inner dimension 6 of \[B, 4, 6\], found \[5, 7\]/,
    ],
    ["broadcasting", (g, x, w) => e.add(g, x, w), /Add → 'Add_0', edge 'w': expected a shape that broadcasts/],
    ["a reshape", (g, x) => e.reshape(g, x, ["B", 23]), /edge 'x': expected as many numbers as \[B, 23\]/],
    ["a permutation", (g, x) => e.transpose(g, x, [0, 1, 1]), /edge 'x': expected a shape whose axes are \[0, 1, 1\]/],
    ["an axis", (g, x) => e.reduce(g, "sum", x, [3]), /edge 'x': expected a shape with axis 3, found \[B, 4, 6\]/],
    ["a slice of the batch", (g, x) => e.slice(g, x, 0, 0, 1), /edge 'x': expected a fixed size of axis 0/],
    ["a slice's end", (g, x) => e.slice(g, x, 1, 2, 5), /edge 'x': expected axis 1 to hold 2 … 5, found 4/],
    ["an index's type", (g, x, w) => e.gather(g, w, x), /edge 'x': expected int64, found float32/],
    [
      "a norm's weight",
      (g, x, w) => g.add("RmsNorm", [x, w], { epsilon: 1 }),
      /edge 'w': expected \[6\], found \[5, 7\]/,
    ],
    [
      "mixed element types",
      (g, x) => e.mul(g, x, e.scalar(g, { ...x, dtype: "float64" }, 1)),
      /expected float32, found/,
    ],
    ["a name that is taken", (g) => g.input("x", "float32", [1]), /two values named 'x'/],
    ["another graph's value", (g) => e.neg(g, builder().x), /Neg → 'Neg_0' reads 'x', which is not of this graph/],
    ["another graph's output", (g) => g.finish({ y: builder().x }), /Output 'y' is 'x', which is not of this graph/],
  ];
  it.each(mistakes)("refuses %s and says operation, edge, expected and found", (_name, mistake, message) => {
    const { g, x, w } = builder();
    let caught: unknown;
    try {
      mistake(g, x, w);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(AppError);
    expect(caught).toMatchObject({ code: "GRAPH_INVALID" });
    expect(String(caught)).toMatch(message);
  });

  it("leaves out nodes and inputs that no output needs", () => {
    const { g, x, w } = builder();
    const kept = e.neg(g, x);
    e.neg(g, w);
    expect(g.finish({ kept }).inputs.map(({ name }) => name)).toEqual(["x"]);
  });

  it("gives one value several output names, and inputs as outputs", async () => {
    const g = new GraphBuilder("names");
    const x = g.input("x", "float32", ["B"]);
    const y = e.neg(g, x);
    const session = await openSession(g.finish({ first: y, second: y, same: x }));
    const results = await session.run({ x: filled([2], 3) });
    expect(["first", "second", "same"].map((name) => [...numbers(results[name])])).toEqual([
      [-3, -3],
      [-3, -3],
      [3, 3],
    ]);
    await session.release();
  });

  it("gives the same bytes for the same calls", () => {
    const options = { shape: tinyShape(UNEQUAL_LAYERS), sequenceLength: 6 };
    expect(forwardProgram(options).bytes).toEqual(forwardProgram(options).bytes);
  });
});
