import { AppError } from "@espalier/contracts";
import {
  expressions as e,
  type Feeds,
  GraphBuilder,
  type GraphSession,
  listProviders,
  openSession,
} from "@espalier/graph";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { filled, numbers } from "./support/tensors.js";

function product() {
  const g = new GraphBuilder("product");
  const x = g.input("x", "float32", ["B", 3]);
  const scale = g.input("scale", "float32", ["B", 3], { broadcastBatch: true });
  return g.finish({ y: e.mul(g, x, scale), total: e.reduce(g, "sum", x, [1]) });
}

describe("a session", () => {
  let session: GraphSession;
  beforeAll(async () => {
    session = await openSession(product());
  });
  afterAll(() => session.release());

  const x = filled([2, 3], 2);
  const scale = filled([1, 3], 5);

  it("runs with a batch and with one row for the whole batch", async () => {
    const { y, total } = await session.run({ x, scale });
    expect([y.dims, [...numbers(y)]]).toEqual([
      [2, 3],
      [10, 10, 10, 10, 10, 10],
    ]);
    expect([...numbers(total)]).toEqual([6, 6]);
  });

  it("gives back only what is fetched", async () => {
    expect(Object.keys(await session.run({ x, scale }, ["total"]))).toEqual(["total"]);
  });

  const refusals: [name: string, feeds: Feeds, message: RegExp][] = [
    ["a name that it does not know", { x, scale, sacle: scale }, /unknown feeds 'sacle'; the graph reads 'x', 'scale'/],
    ["a missing name", { x }, /missing feeds 'scale'/],
    ["another element type", { x: filled([2, 3], 1, "float64"), scale }, /'x' must be float32, the feed is float64/],
    ["other dimensions", { x: filled([2, 4], 1), scale }, /'x' must be \[B, 3\], the feed is \[2, 4\]/],
    ["another rank", { x: filled([6], 1), scale }, /'x' must be \[B, 3\], the feed is \[6\]/],
    ["an empty batch", { x: filled([0, 3], 1), scale }, /'x' must be \[B, 3\], the feed is \[0, 3\]/],
    ["batches that differ", { x, scale: filled([4, 3], 1) }, /'scale' makes B = 4, 'x' makes it 2/],
    ["a wrong count of numbers", { x: { data: new Float32Array(5), dims: [2, 3] }, scale }, /takes 6 numbers/],
  ];
  it.each(refusals)("refuses %s", async (_name, feeds, message) => {
    await expect(session.run(feeds)).rejects.toThrow(message);
  });
});

describe("execution providers", () => {
  it("always have the CPU", async () => {
    expect(await listProviders()).toContain("cpu");
  });

  it("that are not there are refused with the list of those that are", async () => {
    const there = await listProviders();
    for (const provider of (["webgpu", "cuda"] as const).filter((name) => !there.includes(name))) {
      const error = await openSession(product(), { provider }).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(AppError);
      expect(error).toMatchObject({ code: "EXECUTION_PROVIDER_UNAVAILABLE" });
      expect(String(error)).toContain(`'${provider}' is not available here. Choose one of: ${there.join(", ")}.`);
    }
  });
});
