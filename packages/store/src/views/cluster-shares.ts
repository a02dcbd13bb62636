import type { CalibrationRecord, ParameterValue } from "@espalier/contracts";

type Params = Readonly<Record<string, ParameterValue>>;

/**
 * What each calibration cluster counts in a trial, of all that counts: by its weight and the tilt towards hard text
 * (`cluster.N`, `cluster.temperature`), or by the samples that it has among the named ones (`sample.N`). The same as
 * `calibrationWeighting` of @espalier/pruning, which this package does not load, summed over the clusters.
 */
export function clusterShares({ map, clustersByLoss, neutral }: CalibrationRecord, params: Params): readonly number[] {
  const values = { ...neutral, ...params };
  const places = Object.entries(values).flatMap(([name, value]) =>
    /^sample\.\d+$/.test(name) && typeof value === "number" ? [value] : [],
  );
  const counts =
    places.length > 0
      ? map.clusters.map((_one, cluster) => places.filter((place) => clustersByLoss[place] === cluster).length)
      : tilted(map, values);
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total > 0) return counts.map((count) => count / total);
  // All weights zero: all samples alike.
  const samples = map.clusters.reduce((sum, one) => sum + one.samples, 0);
  return map.clusters.map((one) => one.samples / samples);
}

function tilted({ clusters }: CalibrationRecord["map"], values: Params): readonly number[] {
  const temperature = numberOf(values["cluster.temperature"], 0);
  const losses = clusters.map(({ mean_nll }) => mean_nll);
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  const deviation = Math.sqrt(losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / losses.length);
  return clusters.map(({ samples, mean_nll }, cluster) => {
    const tilt = deviation === 0 ? 1 : Math.exp((temperature * (mean_nll - mean)) / deviation);
    return samples * (numberOf(values[`cluster.${cluster}`], 1) * tilt);
  });
}

const numberOf = (value: ParameterValue | undefined, otherwise: number): number =>
  typeof value === "number" ? value : otherwise;
