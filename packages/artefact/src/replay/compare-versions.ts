import type { DifferentVersion } from "@espalier/contracts";
import type { Versions } from "../documents/versions.js";

/** The versions that can change numbers and differ. */
export function compareVersions(recipe: Versions, here: Versions): readonly DifferentVersion[] {
  const all: readonly DifferentVersion[] = [
    { name: "espalier", recipe: recipe.espalier, here: here.espalier },
    { name: "onnxruntime", recipe: recipe.onnxruntime, here: here.onnxruntime },
    { name: "node", recipe: String(recipe.node_major), here: String(here.node_major) },
  ];
  return all.filter((version) => version.recipe !== version.here);
}
