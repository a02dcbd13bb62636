import { weightNames } from "@espalier/graph";
import { scoreExperts } from "./expert-scores.js";
import type { ImportanceMetric } from "./metric.js";

/**
 * How unlike the others an expert is, in the manner of STUN (arXiv 2409.06211): experts are clustered by the distances of
 * their router rows, the nearest clusters first (mean distance of their members, ties by index). Of the two experts that
 * stand for clusters that meet, the one nearer to the mean row of all members stays, and the other leaves: its score is the
 * distance of the clusters. The last one of all scores as the one that left before it. The paper can also count how often
 * experts are chosen together, and picks those that stay by their weights. Independent of the calibration text.
 */
export const stun: ImportanceMetric = {
  needs: ["experts"],
  score: (input) =>
    scoreExperts(input, (layer) => {
      const router = input.weights.get(weightNames.router(layer));
      if (router === undefined) throw new RangeError(`'${weightNames.router(layer)}' is not among the weights`);
      return leavingDistances(router, input.shape.hiddenSize);
    }),
};

interface Cluster {
  /** The expert that stays for all. */
  readonly keeper: number;
  readonly members: readonly number[];
}

/** The distance at which each expert leaves, from router rows [experts, width]. */
function leavingDistances(router: Float32Array, width: number): Float64Array {
  const experts = router.length / width;
  const rows = Array.from({ length: experts }, (_, e) => router.subarray(e * width, (e + 1) * width));
  const apart = rows.map((a) => rows.map((b) => distance(a, b)));
  const scores = new Float64Array(experts);
  let clusters: Cluster[] = rows.map((_, e) => ({ keeper: e, members: [e] }));
  while (clusters.length > 1) {
    const { a, b, between } = nearestPair(clusters, apart);
    const members = [...a.members, ...b.members];
    const mean = meanRow(members.map((e) => rows[e]));
    const aStays = distance(rows[a.keeper], mean) <= distance(rows[b.keeper], mean);
    scores[aStays ? b.keeper : a.keeper] = between;
    const keeper = aStays ? a.keeper : b.keeper;
    scores[keeper] = between; // until it leaves itself
    clusters = [...clusters.filter((cluster) => cluster !== a && cluster !== b), { keeper, members }];
  }
  return scores;
}

/** The two clusters whose members are nearest to each other in the mean; the first ones in a tie. */
function nearestPair(clusters: readonly Cluster[], apart: readonly (readonly number[])[]) {
  let nearest: { a: Cluster; b: Cluster; between: number } | undefined;
  for (const [i, a] of clusters.entries()) {
    for (const b of clusters.slice(i + 1)) {
      const sum = a.members.reduce((total, x) => b.members.reduce((inner, y) => inner + apart[x][y], total), 0);
      const between = sum / (a.members.length * b.members.length);
      if (nearest === undefined || between < nearest.between) nearest = { a, b, between };
    }
  }
  if (nearest === undefined) throw new RangeError(`${clusters.length} clusters have no nearest pair`);
  return nearest;
}

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(sum);
}

function meanRow(rows: readonly Float32Array[]): Float64Array {
  const mean = new Float64Array(rows[0]?.length ?? 0);
  for (const row of rows) for (let i = 0; i < mean.length; i++) mean[i] += row[i] / rows.length;
  return mean;
}
