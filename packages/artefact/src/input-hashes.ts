import { modelHash, tokenizerHash } from "@espalier/model";
import type { ArtefactRequest } from "./artefact-request.js";
import { placeless } from "./documents/placeless.js";
import type { InputHashes } from "./documents/recipe.js";
import { fileSha256 } from "./durable/checksums.js";

/** Hashes of the model, the tokenizer and every corpus file of a job, corpora by the names that the job gives them. */
export async function inputHashes({ context, spec, corpusPaths }: ArtefactRequest): Promise<InputHashes> {
  const files = new Map([
    [spec.calibration.corpus, corpusPaths.calibration],
    ...spec.scoring.map(({ corpus }, i) => [corpus, corpusPaths.scoring[i]] as const),
    [spec.report.corpus, corpusPaths.report],
  ]);
  const corpora: Record<string, string> = {};
  for (const [name, path] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    corpora[placeless(name)] = await fileSha256(path);
  }
  return {
    model: await modelHash(context.model),
    tokenizer: await tokenizerHash(context.model.path),
    corpora,
  };
}
