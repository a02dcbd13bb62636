import { AppError } from "@espalier/contracts";
import type { SlicedModel } from "../../slice/sliced-model.js";
import { refuseExperts } from "../refuse-experts.js";

/** Positions that the tables of the rotary embedding have at most: 134 MB of them at a head size of 128. */
const MAX_POSITIONS = 262_144;

/** Throws AppError VALIDATION_FAILED for a model that the exported graph does not compute. */
export function assertOnnxFits(model: Pick<SlicedModel, "shape">): void {
  refuseExperts("onnx", model);
  const { maxPositions } = model.shape;
  if (maxPositions <= MAX_POSITIONS) return;
  throw new AppError(
    "VALIDATION_FAILED",
    `The model has ${maxPositions} positions, the profile 'onnx' holds at most ${MAX_POSITIONS}. Choose 'native' or 'padded', or lower max_position_embeddings in its config.json.`,
    { errors: [{ detail: "'onnx' cannot hold so many positions", pointer: "/export/profiles" }] },
  );
}
