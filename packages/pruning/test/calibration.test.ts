import { streamRng } from "@espalier/search";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clusterSamples, orderByNll } from "../src/calibration/cluster-samples.js";
import { kMeans } from "../src/calibration/k-means.js";

const points = fc
  .record({ count: fc.integer({ min: 1, max: 30 }), dimension: fc.integer({ min: 1, max: 4 }) })
  .chain(({ count, dimension }) =>
    fc.record({
      count: fc.constant(count),
      dimension: fc.constant(dimension),
      k: fc.integer({ min: 1, max: count }),
      values: fc
        .array(fc.integer({ min: -5, max: 5 }), { minLength: count * dimension, maxLength: count * dimension })
        .map((numbers) => Float64Array.from(numbers)),
    }),
  );

describe("k-means", () => {
  it("gives every point a cluster, the same for the same stream, and leaves none empty while points differ", () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 0, max: 1000 }), ({ count, dimension, values, k }, seed) => {
        const owner = kMeans({ values, count, dimension }, k, streamRng(seed, 0));
        expect([...kMeans({ values, count, dimension }, k, streamRng(seed, 0))]).toEqual([...owner]);
        const rows = Array.from({ length: count }, (_, i) => values.slice(i * dimension, (i + 1) * dimension).join());
        if (new Set(rows).size >= k) expect(new Set(owner).size).toBe(k);
        expect(owner.every((c) => c >= 0 && c < k)).toBe(true);
      }),
    );
  });

  it("finds groups that are far apart", () => {
    const values = Float64Array.from([0, 0.1, 0.2, 10, 10.1, 20, 20.1, 20.2]);
    const owner = kMeans({ values, count: 8, dimension: 1 }, 3, streamRng(1, 0));
    const groups = [
      [0, 1, 2],
      [3, 4],
      [5, 6, 7],
    ];
    for (const group of groups) expect(new Set(group.map((i) => owner[i])).size).toBe(1);
    expect(new Set(owner).size).toBe(3);
  });

  it("refuses more clusters than points", () => {
    expect(() => kMeans({ values: new Float64Array(2), count: 2, dimension: 1 }, 3, streamRng(0, 0))).toThrow(
      /k = 3 clusters of 2 points/,
    );
  });
});

const observations = (embeddings: readonly number[], nll: readonly number[]) => ({
  nll: Float64Array.from(nll),
  embeddings: Float64Array.from(embeddings),
  dimension: embeddings.length / nll.length,
  similarities: { attention: new Float64Array(0), mlp: new Float64Array(0), block: new Float64Array(0) },
});

describe("calibration clusters", () => {
  it("are numbered by rising mean loss", () => {
    const clusters = clusterSamples(observations([0, 9, 0.1, 9.1], [3, 1, 3.5, 1.5]), 2);
    expect([...clusters]).toEqual([1, 0, 1, 0]);
  });

  it("are fewer where samples coincide", () => {
    expect([...clusterSamples(observations([4, 4, 4], [1, 1, 1]), 8)]).toEqual([0, 0, 0]);
  });
});

describe("order by loss", () => {
  it("rises, ties by sample number", () => {
    expect([...orderByNll(Float64Array.from([2, 1, 2, 0.5]))]).toEqual([3, 1, 0, 2]);
  });
});
