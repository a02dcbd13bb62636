import type { ExportProfile } from "@espalier/contracts";
import type { ExecutionProvider } from "@espalier/graph";
import type { ReadWeights } from "../profiles/profile.js";
import { profileRegistry } from "../profiles/registry.js";
import type { SlicedModel } from "../slice/sliced-model.js";
import { compareLosses, type LossComparison } from "./compare-losses.js";
import { slicedLosses } from "./sliced-losses.js";

export interface VerifyInput {
  /** Which export it is, for the message. */
  readonly label: string;
  /** A written model folder. */
  readonly folder: string;
  readonly profile: ExportProfile;
  readonly sliced: SlicedModel;
  /** Report windows, token ids. */
  readonly windows: readonly Int32Array[];
  /** NLL sum per window of the masked model. */
  readonly masked: Float64Array;
  readonly provider?: ExecutionProvider;
  readonly threads?: number;
  readonly signal?: AbortSignal;
}

/** What a model file was found to lose against the masked model. */
export interface VerifiedFile extends LossComparison {
  /** Name in its folder. */
  readonly file: string;
}

/**
 * Reads a written folder back as a stranger would and measures every model in it on real windows. Throws AppError
 * EXPORT_VERIFICATION_FAILED when one is not the model that the search scored.
 */
export async function verifyFolder(input: VerifyInput): Promise<readonly VerifiedFile[]> {
  const { sliced, folder, profile, label, masked } = input;
  const verified: VerifiedFile[] = [];
  for await (const read of profileRegistry[profile].readBack(folder, sliced)) {
    const { file, tolerance } = read;
    const losses = "losses" in read ? await read.losses(input) : await lossesOf(read, input);
    verified.push({ file, ...compareLosses(`${label}, ${file}`, masked, losses, tolerance) });
  }
  return verified;
}

function lossesOf({ shape, weights }: ReadWeights, input: VerifyInput): Promise<Float64Array> {
  return slicedLosses({ ...input, shape, weights });
}
