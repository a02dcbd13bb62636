import { loraRecovery } from "@espalier/contracts";
import { sliceWeights } from "../src/checks/slice-weights.js";
import type { RecoveryInput } from "../src/recovery/recovery.js";
import { type Plan, planShape } from "../src/units/index.js";
import { openShippedModel } from "./shipped-model.js";

/** Half of the shipped model, unequal layers, one sub-block of each kind gone. */
const halfPlan: Plan = {
  layers: [0, 1, 2, 3, 4].map((l) => ({
    kvGroups: Int32Array.from(l === 2 ? [] : [0, 1, 2, 3].filter((k) => (k + l) % 2 === 0)),
    channels: Int32Array.from({ length: l === 3 ? 0 : 60 + 5 * l }, (_, f) => 2 * f),
  })),
};

/** What a recovery reads: the shipped model with half of it cut out, and a few windows of text. */
export async function recoverableInput(): Promise<RecoveryInput> {
  const { shape, weights, windows } = await openShippedModel();
  return {
    pruned: { shape: planShape(shape, halfPlan), weights: sliceWeights(shape, weights, halfPlan) },
    dense: { shape, weights },
    training: await windows(24, 32),
    validation: [{ windows: await windows(8, 32, 24), weight: 1 }],
    seed: 3,
    now: () => 0,
  };
}

/** Short training; the rest as by default. */
export const shortLora = (changes: Partial<Parameters<typeof loraRecovery.parse>[0] & object> = {}) =>
  loraRecovery.parse({
    method: "lora",
    max_steps: 24,
    evaluate_every: 6,
    batch_windows: 6,
    warmup_steps: 3,
    rank: 4,
    ...changes,
  });
