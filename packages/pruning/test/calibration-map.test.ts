import { streamRng } from "@espalier/search";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeCalibrationMap } from "../src/calibration/calibration-map.js";
import { placeOn, principalAxes } from "../src/calibration/principal-axes.js";

const cloud = fc
  .record({ count: fc.integer({ min: 2, max: 40 }), dimension: fc.integer({ min: 2, max: 6 }) })
  .chain(({ count, dimension }) =>
    fc
      .array(fc.double({ min: -9, max: 9, noNaN: true }), {
        minLength: count * dimension,
        maxLength: count * dimension,
      })
      .map((numbers) => ({
        count,
        dimension,
        // Axes of clearly different length: iteration finds them in few rounds.
        values: Float64Array.from(numbers, (value, at) => value / 3 ** (at % dimension)),
      })),
  );

/** Covariance matrix, written out. */
function covariance({ values, count, dimension }: { values: Float64Array; count: number; dimension: number }) {
  const mean = Array.from({ length: dimension }, (_, d) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += values[i * dimension + d];
    return sum / count;
  });
  return mean.map((_, a) =>
    mean.map((__, b) => {
      let sum = 0;
      for (let i = 0; i < count; i++)
        sum += (values[i * dimension + a] - mean[a]) * (values[i * dimension + b] - mean[b]);
      return sum / count;
    }),
  );
}

/** Eigenvalues of a symmetric matrix by Jacobi's rotations, largest first. */
function eigenvalues(matrix: readonly (readonly number[])[]): number[] {
  const m = matrix.map((row) => [...row]);
  const n = m.length;
  for (let sweep = 0; sweep < 60; sweep++) {
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (m[p][q] === 0) continue;
        const theta = (m[q][q] - m[p][p]) / (2 * m[p][q]);
        const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const c = 1 / Math.hypot(t, 1);
        const s = t * c;
        for (let k = 0; k < n; k++) [m[k][p], m[k][q]] = [c * m[k][p] - s * m[k][q], s * m[k][p] + c * m[k][q]];
        for (let k = 0; k < n; k++) [m[p][k], m[q][k]] = [c * m[p][k] - s * m[q][k], s * m[p][k] + c * m[q][k]];
      }
    }
  }
  return m.map((row, d) => row[d]).sort((a, b) => b - a);
}

describe("principal axes", () => {
  it("show as much of the variance as the two largest eigenvalues of the covariance, along orthonormal axes", () => {
    fc.assert(
      fc.property(cloud, (points) => {
        const [first, second, ...rest] = eigenvalues(covariance(points));
        const total = first + second + rest.reduce((sum, value) => sum + value, 0);
        // Values that are close turn into each other for long; their sum over a gap does not.
        fc.pre(total > 1e-6 && second > 1e-3 * first && (rest[0] ?? 0) < 0.7 * second && second < 0.7 * first);
        const { axes, explained } = principalAxes(points, streamRng(0, 0));
        expect(explained[0]).toBeCloseTo(first / total, 5);
        expect(explained[1]).toBeCloseTo(second / total, 5);
        const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, at) => sum + value * b[at], 0);
        expect(dot(axes[0], axes[0])).toBeCloseTo(1, 9);
        expect(dot(axes[1], axes[1])).toBeCloseTo(1, 9);
        expect(Math.abs(dot(axes[0], axes[1]))).toBeLessThan(1e-9);
      }),
    );
  });

  it("of points that are all the same, or on a line, have no second direction", () => {
    const same = { values: new Float64Array(6).fill(2), count: 3, dimension: 2 };
    expect(principalAxes(same, streamRng(0, 0)).explained).toEqual([0, 0]);
    const line = { values: Float64Array.from([0, 0, 1, 1, 2, 2]), count: 3, dimension: 2 };
    const { explained, axes } = principalAxes(line, streamRng(0, 0));
    expect(explained[0]).toBeCloseTo(1, 9);
    expect(explained[1]).toBeCloseTo(0, 9);
    expect([...axes[1]]).toEqual([0, 0]);
    expect(placeOn(principalAxes(line, streamRng(0, 0)), line, 2).x).toBeCloseTo(Math.SQRT2, 9);
  });
});

describe("the map of calibration samples", () => {
  const profile = (count: number) => ({
    observations: {
      nll: Float64Array.from({ length: count }, (_, i) => 1 + (i % 2)),
      embeddings: Float64Array.from({ length: count * 2 }, (_, at) => (at % 4 < 2 ? at % 2 : 10 + (at % 2) + at / 1e6)),
      dimension: 2,
      similarities: { attention: new Float64Array(0), mlp: new Float64Array(0), block: new Float64Array(0) },
    },
    clusters: Int32Array.from({ length: count }, (_, i) => i % 2),
    clusterCount: 2,
  });

  it("places every sample, keeps clusters apart, and quotes those nearest to the centre", () => {
    const map = makeCalibrationMap(profile(20), (sample) => `text ${sample}`);
    expect(map.points).toHaveLength(20);
    expect(map.explained[0]).toBeGreaterThan(0.9);
    expect(map.clusters.map(({ samples, mean_nll }) => [samples, mean_nll])).toEqual([
      [10, 1],
      [10, 2],
    ]);
    expect(Math.abs((map.clusters[0]?.x ?? 0) - (map.clusters[1]?.x ?? 0))).toBeGreaterThan(5);
    expect(map.clusters[0]?.texts.map(({ sample }) => sample)).toEqual([0, 2, 4, 6]);
    // Ten samples in a row: the two in the middle are as near.
    expect(["text 9", "text 11"]).toContain(map.clusters[1]?.texts[0]?.text);
  });

  it("is the same each time, and shows at most 2,000 samples", () => {
    const map = makeCalibrationMap(profile(5001), String);
    expect(map.points).toHaveLength(2000);
    expect(map.clusters.reduce((sum, { samples }) => sum + samples, 0)).toBe(5001);
    expect(makeCalibrationMap(profile(5001), String)).toEqual(map);
  });
});
