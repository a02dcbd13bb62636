import type { ComparedInput, RecipeDocument } from "@espalier/contracts";
import type { InputHashes } from "../documents/recipe.js";
import { compareHashes, isDifferent } from "./compare-hashes.js";

/**
 * Every input of a recipe beside what is here. Files of the model's folder are listed where they differ; weights only with
 * the model's own hash, which does not depend on how its tensors are spread over files.
 */
export function compareInputs({ sha256 }: RecipeDocument, here: InputHashes): readonly ComparedInput[] {
  const files = "files" in sha256 ? compareHashes(sha256.files, here.files).filter(isDifferent) : [];
  const sameModel = sha256.model === here.model;
  return [
    { kind: "model", name: "config and weights", recipe: sha256.model, here: here.model },
    { kind: "tokenizer", name: "tokenizer", recipe: sha256.tokenizer, here: here.tokenizer },
    ...files
      .filter(({ name }) => !(sameModel && name.endsWith(".safetensors")))
      .map((file) => ({ kind: "file" as const, ...file })),
    ...compareHashes(sha256.corpora, here.corpora).map((corpus) => ({ kind: "corpus" as const, ...corpus })),
  ];
}
