import type { CorpusView, ModelView } from "@espalier/contracts";
import { listCorpora, listModels } from "@espalier/model";

/** Models below the roots, in the contract's shape. */
export async function listedModels(roots: readonly string[]): Promise<readonly ModelView[]> {
  return (await listModels(roots)).map((model) =>
    "error" in model
      ? {
          name: model.name,
          family: null,
          parameters: null,
          size_bytes: null,
          units: null,
          error: { code: model.error.code, detail: model.error.detail },
        }
      : {
          name: model.name,
          family: model.family,
          parameters: model.parameters,
          size_bytes: model.sizeBytes,
          units: model.units,
          error: null,
        },
  );
}

/** Texts below the roots, in the contract's shape. */
export async function listedCorpora(roots: readonly string[]): Promise<readonly CorpusView[]> {
  return (await listCorpora(roots)).map(({ name, format, sizeBytes }) => ({ name, format, size_bytes: sizeBytes }));
}
