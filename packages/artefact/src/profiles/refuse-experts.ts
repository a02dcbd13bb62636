import { AppError, type ExportProfile } from "@espalier/contracts";
import { hasExperts } from "@espalier/pruning";
import type { SlicedModel } from "../slice/sliced-model.js";

/** Throws AppError VALIDATION_FAILED for a mixture of experts, which a form does not hold. */
export function refuseExperts(profile: ExportProfile, { shape }: Pick<SlicedModel, "shape">): void {
  if (!hasExperts(shape)) return;
  throw new AppError(
    "VALIDATION_FAILED",
    `The profile '${profile}' cannot hold a mixture of experts. Choose 'native', or 'uniform' with target.layout 'uniform'.`,
    { errors: [{ detail: `'${profile}' cannot hold a mixture of experts`, pointer: "/export/profiles" }] },
  );
}
