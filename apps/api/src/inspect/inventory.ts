import type { CorpusView, ModelView } from "@espalier/contracts";
import { type ListedModel, listCorpora, listedModel, listModels } from "@espalier/model";
import { keptModels } from "@espalier/model/hub";
import type { Roots } from "./messages.js";

/** Models below the roots, then those downloaded from the hub, in the contract's shape. */
export async function listedViews({ models, hubDir }: Roots): Promise<readonly ModelView[]> {
  const views = (await listModels(models)).map((model) => modelView(model, null));
  for (const { hub, commit, path } of await keptModels(hubDir)) {
    views.push(modelView(await listedModel(hub, path, []), commit));
  }
  return views;
}

function modelView(model: ListedModel, revision: string | null): ModelView {
  const { name } = model;
  if ("error" in model) {
    const { code, detail } = model.error;
    return { name, revision, family: null, parameters: null, size_bytes: null, units: null, error: { code, detail } };
  }
  const { family, parameters, sizeBytes, units } = model;
  return { name, revision, family, parameters, size_bytes: sizeBytes, units, error: null };
}

/** Texts below the roots, in the contract's shape. */
export async function listedCorpora(roots: readonly string[]): Promise<readonly CorpusView[]> {
  return (await listCorpora(roots)).map(({ name, format, sizeBytes }) => ({ name, format, size_bytes: sizeBytes }));
}
