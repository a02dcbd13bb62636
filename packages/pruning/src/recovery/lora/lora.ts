import type { LoraRecovery } from "@espalier/contracts";
import type { RecoveryInput, RecoveryMethod } from "../recovery.js";
import { openValidation } from "../validation.js";
import { type AdapterLayout, layOut, projectionSizes } from "./adapters.js";
import { openAdapterGradients } from "./gradients.js";
import { allocateRanks, lostShares } from "./rank-allocation.js";
import { train } from "./train.js";

/**
 * LoRA (Hu et al., arXiv 2106.09685) on all seven projections: trained with AdamW on the calibration text, measured on the
 * scoring text, the best state merged. Throws AppError RECOVERY_DIVERGED.
 */
export const lora: RecoveryMethod<LoraRecovery> = {
  async recover(input, settings) {
    const layout = layoutOf(input, settings);
    const sequenceLength = input.training[0].length;
    const validation = await openValidation(input);
    const gradients = await openAdapterGradients({ ...input, model: input.pruned, layout, sequenceLength });
    try {
      return await train({ input, settings, layout, validation, gradients });
    } finally {
      await gradients.close();
      await validation.close();
    }
  },
};

function layoutOf({ pruned, dense }: RecoveryInput, { rank, alpha, rank_allocation }: LoraRecovery): AdapterLayout {
  const sizes = projectionSizes(pruned.shape);
  if (sizes.length === 0) throw new RangeError("the pruned model has no projection left to train");
  const lost = lostShares(dense.shape, pruned.shape);
  return layOut(sizes, allocateRanks(rank_allocation, { rank, sizes, lost }), alpha);
}
