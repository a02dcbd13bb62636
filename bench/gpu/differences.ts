/** How far two providers' numbers are apart. */
import type { DecoderShape } from "@espalier/contracts";
import { clusterTensors, perSampleTensors } from "@espalier/pruning";
import type { Pass, ScoredPlans } from "./pass.js";

/** Largest difference over the arrays of a profile, each over the largest magnitude in it. */
export async function statisticsApart(shape: DecoderShape, cpu: Pass, other: Pass): Promise<number> {
  let apart = 0;
  for (const { name } of perSampleTensors(shape)) {
    apart = Math.max(apart, overScale(cpu.profile.perSample(name), other.profile.perSample(name)));
  }
  for (const { name } of clusterTensors(shape, { weightGradients: true, gram: true })) {
    apart = Math.max(apart, overScale(await cpu.profile.clusterSum(0, name), await other.profile.clusterSum(0, name)));
  }
  return apart;
}

/** Largest difference of a window's loss, over that loss. */
export function lossesApart(cpu: ScoredPlans, other: ScoredPlans): number {
  const each = cpu.losses.flatMap((losses, i) =>
    [...losses].map((loss, window) => Math.abs(loss - other.losses[i][window]) / loss),
  );
  return each.reduce(larger, 0);
}

function overScale(expected: Float32Array, found: Float32Array): number {
  let scale = 0;
  let apart = 0;
  for (let i = 0; i < expected.length; i++) {
    scale = larger(scale, Math.abs(expected[i]));
    apart = larger(apart, Math.abs(expected[i] - found[i]));
  }
  return apart === 0 ? 0 : apart / scale;
}

/** The larger of two; NaN, which no comparison finds, is larger than anything. */
const larger = (a: number, b: number): number => (Number.isNaN(b) || b > a ? b : a);
