import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  defineSpace,
  type Importances,
  type Parameter,
  type Params,
  parameterImportance,
  ROUNDS_PARAMETER,
  type ScoredPoint,
  streamRng,
} from "../src/index.js";

const float = (name: string): Parameter => ({ name, type: "float", low: 0, high: 1 });
const choice = (name: string, count: number): Parameter => ({
  name,
  type: "categorical",
  choices: Array.from({ length: count }, (_, i) => `${name}${i}`),
});

const byName = ({ parameters }: Importances, key: "importance" | "variance" = "importance") =>
  Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter[key]]));

/** Evenly drawn points of [0, 1]^names. */
function drawn(names: readonly string[], count: number, score: (x: readonly number[]) => number): ScoredPoint[] {
  const rng = streamRng(7, count);
  return Array.from({ length: count }, () => {
    const x = names.map(() => rng.next());
    return { params: Object.fromEntries(names.map((name, i) => [name, x[i]])), score: score(x) };
  });
}

/** Every combination of indexes below the sizes. */
function lattice(sizes: readonly number[]): number[][] {
  return sizes.reduce<number[][]>(
    (rows, size) => rows.flatMap((row) => Array.from({ length: size }, (_, i) => [...row, i])),
    [[]],
  );
}

describe("choices, where everything is exact", () => {
  const space = defineSpace([choice("a", 4), choice("b", 5)]);
  const points = (score: (a: number, b: number) => number): ScoredPoint[] =>
    lattice([4, 5]).map(([a, b]) => ({ params: { a: `a${a}`, b: `b${b}` }, score: score(a, b) }));

  it("give share · (1 − share) to the one parameter that decides, and nothing to the other", () => {
    const found = parameterImportance(
      space,
      points((a) => (a === 2 ? 0 : 1)),
      { quantile: 0.25 },
    );
    expect(found).toMatchObject({ points: 20, top: 5, reason: null });
    expect(byName(found, "variance")["a"]).toBeCloseTo(0.25 * 0.75, 12);
    expect(byName(found)["a"]).toBeCloseTo(1, 12);
    expect(byName(found)["b"]).toBeCloseTo(0, 12);
  });

  it("give each parameter of an additive function the variance of its own effect", () => {
    // Top: a + b ≤ 1, that is (0,0), (0,1), (1,0): P(top | a) = 2/5, 1/5, 0, 0 and P(top | b) = 1/2, 1/4, 0, 0, 0.
    const found = parameterImportance(
      space,
      points((a, b) => a + b),
      { quantile: 0.15 },
    );
    expect(found.top).toBe(3);
    const variances = byName(found, "variance");
    expect(variances["a"]).toBeCloseTo((0.16 + 0.04) / 4 - 0.15 ** 2, 12);
    expect(variances["b"]).toBeCloseTo((0.25 + 0.0625) / 5 - 0.15 ** 2, 12);
  });

  it("equal the Pearson divergence of the paper, (γ'/γ)² Σ p (p'/p − 1)², inside a region too", () => {
    const found = parameterImportance(
      space,
      points((a, b) => 10 * a + b),
      { quantile: 0.25, region: 0.5 },
    );
    // All: a ∈ {0, 1}, top: a = 0.
    expect(byName(found, "variance")["a"]).toBeCloseTo(0.5 ** 2 * (0.5 * (2 - 1) ** 2 + 0.5 * (0 - 1) ** 2), 12);
    expect(found.points).toBe(10);
  });
});

describe("numbers", () => {
  const names = ["x", "y", "z"];
  const space = defineSpace(names.map(float));

  it("give everything to the one parameter that the score depends on", () => {
    const found = parameterImportance(
      space,
      drawn(names, 2000, ([x]) => x),
    );
    expect(found.parameters[0]?.name).toBe("x");
    expect(byName(found)["x"]).toBeGreaterThan(0.98);
    // 0.1 · 0.9, less what the kernels blur at the edge of the top.
    expect(byName(found, "variance")["x"]).toBeGreaterThan(0.08);
    expect(byName(found, "variance")["x"]).toBeLessThan(0.09);
  });

  it("find a parameter whose best value lies inside its range", () => {
    const found = parameterImportance(
      space,
      drawn(names, 2000, ([, y]) => Math.abs(y - 0.6)),
    );
    expect(byName(found)["y"]).toBeGreaterThan(0.98);
  });

  it("give two parameters the same where they can be swapped", () => {
    const points = drawn(names, 600, ([x, y]) => x + y);
    const both = [...points, ...points.map(({ params: { x, y, z }, score }) => ({ params: { x: y, y: x, z }, score }))];
    const { x, y, z } = byName(parameterImportance(space, both as ScoredPoint[]));
    expect(x).toBeCloseTo(y, 12);
    expect(z).toBeLessThan(0.1);
  });

  it("come near the shares of x + 2y", () => {
    // P(top | x) = (t − x)/2 below t = √0.4, P(top | y) = t − 2y below t/2: mean squares t³/12 and t³/6.
    const t3 = 0.4 ** 1.5;
    const [vx, vy] = [t3 / 12 - 0.01, t3 / 6 - 0.01];
    const { x, y, z } = byName(
      parameterImportance(
        space,
        drawn(names, 10_000, ([a, b]) => a + 2 * b),
      ),
    );
    expect(Math.abs(x - vx / (vx + vy))).toBeLessThan(0.02);
    expect(Math.abs(y - vy / (vx + vy))).toBeLessThan(0.02);
    expect(z).toBeLessThan(0.01);
  });

  it("are measured on the logarithm where the range is", () => {
    const points = drawn(names, 800, ([x, y]) => x + 0.5 * y);
    const log = defineSpace([{ name: "x", type: "float", low: 1, high: 1000, log: true }, float("y"), float("z")]);
    const stretched = points.map(({ params, score }) => ({
      params: { ...params, x: 1000 ** Number(params.x) },
      score,
    }));
    const [plain, onLog] = [parameterImportance(space, points), parameterImportance(log, stretched)];
    for (const name of names) expect(byName(onLog)[name]).toBeCloseTo(byName(plain)[name], 6);
  });

  it.each<[string, Parameter]>([
    ["whole numbers", { name: "n", type: "int", low: 1, high: 8 }],
    ["many whole numbers", { name: "n", type: "int", low: 1, high: 5000 }],
    ["whole numbers by logarithm", { name: "n", type: "int", low: 1, high: 64, log: true }],
    ["steps", { name: "n", type: "float", low: 0, high: 1, step: 0.25 }],
  ])("may be %s", (_, parameter) => {
    const { low, high } = parameter as { low: number; high: number };
    const step = parameter.type === "float" ? 0.25 : 1;
    const values = (high - low) / step + 1;
    const points = drawn(["u", "x"], 1000, ([u]) => Math.floor(u * values)).map(({ params, score }) => ({
      params: { n: low + score * step, x: params["x"] } as Params,
      score,
    }));
    const found = byName(parameterImportance(defineSpace([parameter, float("x")]), points));
    expect(found["n"]).toBeGreaterThan(0.95);
  });
});

describe("importances", () => {
  const space = defineSpace([float("x"), choice("c", 3), { name: "n", type: "int", low: 0, high: 9 }]);
  const value = fc.record({
    x: fc.double({ min: 0, max: 1, noNaN: true }),
    c: fc.constantFrom("c0", "c1", "c2"),
    n: fc.nat(9),
  });
  const points = fc.array(fc.record({ params: value, score: fc.integer({ min: -50, max: 50 }) }), {
    minLength: 10,
    maxLength: 60,
  });

  it("sum to 1, lie within their bounds and do not depend on the order of the points", () => {
    fc.assert(
      fc.property(points, fc.double({ min: 0.05, max: 0.6, noNaN: true }), fc.integer(), (list, quantile, seed) => {
        const found = parameterImportance(space, list, { quantile });
        expect(parameterImportance(space, list, { quantile })).toEqual(found);
        const shuffled = shuffle(list, seed);
        const again = parameterImportance(space, shuffled, { quantile });
        expect(again.reason).toBe(found.reason);
        for (const { name, variance } of found.parameters)
          expect(byName(again, "variance")[name]).toBeCloseTo(variance, 10);
        if (found.reason !== null) return;
        expect(found.parameters.reduce((sum, { importance }) => sum + importance, 0)).toBeCloseTo(1, 10);
        const share = found.top / found.points;
        for (const { variance } of found.parameters) {
          expect(variance).toBeGreaterThanOrEqual(0);
          expect(variance).toBeLessThanOrEqual(share * (1 - share) + 1e-12);
        }
      }),
    );
  });

  it("do not change when scores are transformed monotonously", () => {
    fc.assert(
      fc.property(points, (list) => {
        const transformed = list.map(({ params, score }) => ({ params, score: Math.exp(score / 10) - 3 }));
        expect(parameterImportance(space, transformed)).toEqual(parameterImportance(space, list));
      }),
    );
  });

  it("judge a parameter that only some points have by those, weighed by their share", () => {
    const list = lattice([2, 5, 4]).map(([c, n]) => ({
      params: c === 0 ? { c: "c0", n } : { c: "c1" },
      score: c === 0 ? n : 9,
    }));
    const found = byName(
      parameterImportance(
        defineSpace([choice("c", 2), choice("d", 2), { name: "n", type: "int", low: 0, high: 4 }]),
        list as ScoredPoint[],
      ),
      "variance",
    );
    expect(found["d"]).toBe(0);
    expect(found["n"]).toBeGreaterThan(found["c"]);
  });

  it("leave out refined points", () => {
    const plain = drawn(["x"], 50, ([x]) => x);
    const refined = plain.map(({ params }) => ({ params: { ...params, [ROUNDS_PARAMETER]: "8" }, score: -1 }));
    expect(parameterImportance(space, [...plain, ...refined])).toEqual(parameterImportance(space, plain));
  });

  it("have a reason where there are none", () => {
    const few = drawn(["x"], 9, ([x]) => x);
    expect(parameterImportance(space, few)).toMatchObject({
      parameters: [],
      points: 9,
      reason: /9 points .* at least 10/,
    });
    const infinite = drawn(["x"], 30, () => Number.POSITIVE_INFINITY);
    expect(parameterImportance(space, infinite).reason).toMatch(/^0 points/);
    expect(
      parameterImportance(
        space,
        drawn(["x"], 30, () => 1),
      ).reason,
    ).toMatch(/same score/);
    const fixed = defineSpace([{ name: "x", type: "float", low: 1, high: 1 }]);
    const same = drawn(["x"], 30, ([x]) => x).map(({ score }) => ({ params: { x: 1 }, score }));
    expect(parameterImportance(fixed, same).reason).toMatch(/no parameter differs/);
  });

  it.each([
    { quantile: 0 },
    { quantile: 1 },
    { quantile: Number.NaN },
    { quantile: 0.5, region: 0.5 },
    { region: 1.1 },
  ])("refuse %j", (options) => {
    expect(() => parameterImportance(space, [], options)).toThrow(/0 < quantile < region ≤ 1/);
  });
});

function shuffle<T>(list: readonly T[], seed: number): T[] {
  const rng = streamRng(Math.abs(seed), 0);
  return list
    .map((item) => ({ item, key: rng.next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
