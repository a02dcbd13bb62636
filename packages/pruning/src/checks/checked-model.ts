import type { DecoderShape } from "@espalier/contracts";
import { openModel, readWeights } from "@espalier/model";

/** A model with its weights in memory. */
export interface CheckedModel {
  readonly shape: DecoderShape;
  readonly weights: ReadonlyMap<string, Float32Array>;
}

/** Reads config and weights of a Hugging Face folder. Throws AppError as `openModel` and `readWeights` do. */
export async function readCheckedModel(folder: string): Promise<CheckedModel> {
  const model = await openModel(folder);
  return { shape: model.config.shape, weights: await readWeights(model) };
}
