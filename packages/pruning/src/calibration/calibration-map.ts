import type { CalibrationMap } from "@espalier/contracts";
import { streamRng } from "@espalier/search";
import type { Profile } from "../statistics/profile.js";
import type { Points } from "./k-means.js";
import { placeOn, principalAxes } from "./principal-axes.js";

/** Points that a picture shows. */
const MOST_POINTS = 2000;
/** Samples that the axes are fitted to: beyond, more of them turn the axes no further. */
const FITTED = 4096;
const TEXTS_PER_CLUSTER = 4;
const SEED = 0;

/**
 * Calibration samples on the two axes in which their mean hidden states differ most, and how the samples nearest to each
 * cluster's centre begin. The same profile gives the same map. `textOf`: how a sample begins.
 */
export function makeCalibrationMap(
  { observations, clusters, clusterCount }: Pick<Profile, "observations" | "clusters" | "clusterCount">,
  textOf: (sample: number) => string,
): CalibrationMap {
  const { embeddings, nll, dimension } = observations;
  const all = { values: embeddings, count: nll.length, dimension };
  const axes = principalAxes(evenRows(all, FITTED), streamRng(SEED, 0));
  const places = Array.from(nll, (_loss, sample) => placeOn(axes, all, sample));
  const points = evenly(nll.length, MOST_POINTS).map((sample) => ({
    sample,
    cluster: clusters[sample],
    nll: nll[sample],
    ...places[sample],
  }));
  return {
    explained: [...axes.explained] as [number, number],
    points,
    clusters: Array.from({ length: clusterCount }, (_none, cluster) => {
      const members = Array.from(nll.keys()).filter((sample) => clusters[sample] === cluster);
      const centre = (of: (sample: number) => number): number =>
        members.reduce((sum, sample) => sum + of(sample), 0) / members.length;
      const [x, y] = [centre((sample) => places[sample].x), centre((sample) => places[sample].y)];
      return {
        samples: members.length,
        mean_nll: centre((sample) => nll[sample]),
        x,
        y,
        texts: nearest(members, all).map((sample) => ({ sample, text: textOf(sample) })),
      };
    }),
  };
}

/** Members that are nearest to their mean in all dimensions, nearest first; ties by number. */
function nearest(members: readonly number[], { values, dimension }: Points): readonly number[] {
  const mean = new Float64Array(dimension);
  for (const sample of members) {
    for (let d = 0; d < dimension; d++) mean[d] += values[sample * dimension + d] / members.length;
  }
  const distance = (sample: number): number => {
    let sum = 0;
    for (let d = 0; d < dimension; d++) sum += (values[sample * dimension + d] - mean[d]) ** 2;
    return sum;
  };
  return members
    .map((sample) => ({ sample, away: distance(sample) }))
    .sort((a, b) => a.away - b.away || a.sample - b.sample)
    .slice(0, TEXTS_PER_CLUSTER)
    .map(({ sample }) => sample);
}

/** At most `most` of the numbers below `count`, at even distances. */
const evenly = (count: number, most: number): readonly number[] =>
  Array.from({ length: Math.min(count, most) }, (_none, at) =>
    count <= most ? at : Math.floor(((at + 0.5) * count) / most),
  );

function evenRows({ values, count, dimension }: Points, most: number): Points {
  if (count <= most) return { values, count, dimension };
  const kept = evenly(count, most);
  const rows = new Float64Array(kept.length * dimension);
  for (const [row, from] of kept.entries()) {
    rows.set(values.subarray(from * dimension, (from + 1) * dimension), row * dimension);
  }
  return { values: rows, count: kept.length, dimension };
}
