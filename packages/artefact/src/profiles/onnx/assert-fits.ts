import { AppError, type DecoderShape } from "@espalier/contracts";

/** Positions that the tables of the rotary embedding have at most: 134 MB of them at a head size of 128. */
const MAX_POSITIONS = 262_144;

/** Throws AppError VALIDATION_FAILED for a model that the exported graph does not compute. */
export function assertOnnxFits({ layers, maxPositions }: DecoderShape): void {
  const mixed = layers.findIndex(({ experts }) => experts !== undefined);
  if (mixed >= 0) throw unfit(`Layer ${mixed} is a mixture of experts`);
  if (maxPositions > MAX_POSITIONS) {
    throw unfit(`The model has ${maxPositions} positions, more than ${MAX_POSITIONS}`);
  }
}

const unfit = (why: string): AppError =>
  new AppError(
    "VALIDATION_FAILED",
    `${why}: the profile 'onnx' cannot hold it. The profile 'native' holds any model.`,
    {
      errors: [{ detail: "the profile 'onnx' cannot hold this model", pointer: "/export/profiles" }],
    },
  );
