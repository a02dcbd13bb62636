import { join } from "node:path";
import type { DecoderShape } from "@espalier/contracts";
import { columnProjections, type ExecutionProvider, inputNames } from "@espalier/graph";
import { openModel, openSafetensors, readWeights } from "@espalier/model";
import { WEIGHT_FILE } from "../folder/write-model-folder.js";
import { biasName } from "../slice/bias-tensors.js";
import { compareLosses, type LossComparison } from "./compare-losses.js";
import { slicedLosses } from "./sliced-losses.js";

export interface VerifyInput {
  /** Which export it is, for the message. */
  readonly label: string;
  /** A written model folder. */
  readonly folder: string;
  readonly shape: DecoderShape;
  readonly biased: boolean;
  /** Report windows, token ids. */
  readonly windows: readonly Int32Array[];
  /** NLL sum per window of the masked model. */
  readonly masked: Float64Array;
  readonly provider?: ExecutionProvider;
  readonly threads?: number;
  readonly signal?: AbortSignal;
}

/**
 * Reads a written folder back as a stranger would and measures it on real windows. Throws AppError
 * EXPORT_VERIFICATION_FAILED when it is not the model that the search scored.
 */
export async function verifyFolder(input: VerifyInput): Promise<LossComparison> {
  const { shape, weights } = await readBack(input);
  const sliced = await slicedLosses({ ...input, shape, weights, ...biases(input, weights) });
  return compareLosses(input.label, input.masked, sliced);
}

interface ReadBack {
  readonly shape: DecoderShape;
  readonly weights: ReadonlyMap<string, Float32Array>;
}

async function readBack({ folder, shape, biased }: VerifyInput): Promise<ReadBack> {
  // `openModel` refuses configs with biases, which other Llama loaders read: their tensors are read directly.
  if (biased)
    return {
      shape,
      weights: await readWeights({ tensors: (await openSafetensors(join(folder, WEIGHT_FILE))).tensors }),
    };
  const model = await openModel(folder);
  return { shape: model.config.shape, weights: await readWeights(model) };
}

function biases(
  { biased, shape }: VerifyInput,
  weights: ReadonlyMap<string, Float32Array>,
): { readonly biases?: ReadonlyMap<string, Float32Array> } {
  if (!biased) return {};
  const feeds = new Map<string, Float32Array>();
  for (let layer = 0; layer < shape.layers.length; layer++) {
    for (const projection of columnProjections) {
      const data = weights.get(biasName(layer, projection));
      if (data !== undefined) feeds.set(inputNames.projectionBias(layer, projection), data);
    }
  }
  return { biases: feeds };
}
