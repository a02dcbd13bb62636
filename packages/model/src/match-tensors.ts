import { AppError } from "@espalier/contracts";
import { familyRegistry } from "./config/families/registry.js";
import type { ExpectedTensor, FamilyName } from "./config/model-config.js";
import type { TensorInfo } from "./safetensors/header.js";
import { quoted } from "./safetensors/malformed.js";

/**
 * Pairs the tensors that a config asks for with those that the files hold.
 * Throws `MODEL_FILE_MALFORMED` for a missing, surplus or wrongly shaped tensor, by name.
 */
export function matchTensors(
  expected: readonly ExpectedTensor[],
  found: ReadonlyMap<string, TensorInfo>,
  family: FamilyName,
): ReadonlyMap<string, TensorInfo> {
  const matched = new Map<string, TensorInfo>();
  for (const { name, shape } of expected) {
    const tensor = found.get(name);
    if (tensor === undefined) throw mismatch(`tensor '${name}' of shape [${shape.join(", ")}] is missing`);
    if (tensor.shape.length !== shape.length || tensor.shape.some((size, axis) => size !== shape[axis])) {
      throw mismatch(
        `tensor '${name}' has the shape [${tensor.shape.join(", ")}], the config asks for [${shape.join(", ")}]`,
      );
    }
    matched.set(name, tensor);
  }
  for (const name of found.keys()) {
    if (matched.has(name) || familyRegistry[family].ignores(name)) continue;
    if (name === "lm_head.weight") {
      throw mismatch(
        `tensor 'lm_head.weight' is there although config.json ties it to the embeddings ('tie_word_embeddings')`,
      );
    }
    throw mismatch(`tensor ${quoted(name)} is not one that the config asks for`);
  }
  return matched;
}

function mismatch(problem: string): AppError {
  return new AppError(
    "MODEL_FILE_MALFORMED",
    `Weights and config.json disagree: ${problem}. Use the files of one model.`,
  );
}
