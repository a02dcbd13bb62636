import { join } from "node:path";
import type { ExportProfile } from "@espalier/contracts";
import type { ExecutionProvider } from "@espalier/graph";
import { openModel, openSafetensors, readWeights } from "@espalier/model";
import { WEIGHT_FILE } from "../folder/write-model-folder.js";
import { profileRegistry } from "../profiles/registry.js";
import { biasInputs } from "../slice/biases.js";
import type { SlicedModel } from "../slice/slice-model.js";
import { compareLosses, type LossComparison } from "./compare-losses.js";
import { slicedLosses } from "./sliced-losses.js";

export interface VerifyInput {
  /** Which export it is, for the message. */
  readonly label: string;
  /** A written model folder. */
  readonly folder: string;
  readonly profile: ExportProfile;
  readonly sliced: Pick<SlicedModel, "shape" | "biased">;
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
  const { sliced, folder, profile } = input;
  const form = profileRegistry[profile];
  const shape = form.opens(sliced) ? (await openModel(folder)).config.shape : form.shape(sliced);
  const weights = await readWeights(await openSafetensors(join(folder, WEIGHT_FILE)));
  const biases = sliced.biased ? { biases: biasInputs(shape, weights) } : {};
  const losses = await slicedLosses({ ...input, shape, weights, ...biases });
  return compareLosses(input.label, input.masked, losses);
}
