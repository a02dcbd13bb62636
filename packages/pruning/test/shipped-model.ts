import { fileURLToPath } from "node:url";
import type { DecoderShape } from "@espalier/contracts";
import { loadTokenizer, modelHash, openModel, readWeights, tokenizerHash, windowReader } from "@espalier/model";

/** The model and a text that come with the repository. */
export const modelPath = fileURLToPath(new URL("../../../examples/models/stories260K/", import.meta.url));
export const corpusPath = fileURLToPath(new URL("../../../examples/corpora/tinystories-train.txt", import.meta.url));

export interface ShippedModel {
  readonly shape: DecoderShape;
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly modelHash: string;
  readonly tokenizerHash: string;
  windows(count: number, sequenceLength: number, skipWindows?: number): Promise<readonly Int32Array[]>;
}

export async function openShippedModel(): Promise<ShippedModel> {
  const folder = await openModel(modelPath);
  const reader = windowReader(await loadTokenizer(modelPath));
  return {
    shape: folder.config.shape,
    weights: await readWeights(folder),
    modelHash: await modelHash(folder),
    tokenizerHash: await tokenizerHash(modelPath),
    windows: (count, sequenceLength, skipWindows = 0) =>
      reader.cut({ corpusPath, windows: count, sequenceLength, skipWindows }),
  };
}
