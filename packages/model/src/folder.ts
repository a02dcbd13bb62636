import { readdir, realpath } from "node:fs/promises";
import { basename } from "node:path";
import { AppError } from "@espalier/contracts";
import { expectedTensors } from "./config/expected-tensors.js";
import type { ModelConfig } from "./config/model-config.js";
import { readConfig } from "./config/read-config.js";
import { matchTensors } from "./match-tensors.js";
import { realRoots } from "./paths/real-roots.js";
import type { TensorInfo } from "./safetensors/header.js";
import { fileOfFolder, openWeightFiles, SINGLE_FILE } from "./safetensors/shards.js";

/** A model on disk: checked config, checked headers, no weights in memory. */
export interface ModelFolder {
  /** Real path, links resolved. */
  readonly path: string;
  readonly name: string;
  readonly config: ModelConfig;
  /** Exactly the tensors that the config asks for, in the order of `expectedTensors`. */
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  readonly weightFiles: readonly string[];
  readonly sizeBytes: number;
  /** All learned numbers, embeddings and norms included; tied embeddings count once. */
  readonly parameters: number;
}

export interface OpenModelOptions {
  /** Folders that links inside the model's folder may lead into; default: only the folder itself. */
  readonly linkRoots?: readonly string[];
}

/** Extensions of formats that run code when loaded, or may. */
const UNSAFE = /\.(?:bin|pt|pth|ckpt|pkl|pickle)$/i;

/**
 * Opens a Hugging Face model folder. Throws `MODEL_NOT_FOUND`, `MODEL_FORMAT_UNSAFE` (only pickle weights),
 * `MODEL_CONFIG_INVALID`, `MODEL_FAMILY_UNSUPPORTED` or `MODEL_FILE_MALFORMED`.
 */
export async function openModel(dir: string, options: OpenModelOptions = {}): Promise<ModelFolder> {
  const name = basename(dir);
  const path = await realFolder(dir, name);
  const linkRoots = [path, ...(await realRoots(options.linkRoots ?? []))];
  const configPath = await fileOfFolder(path, "config.json", linkRoots);
  const files = await openWeightFiles(path, linkRoots);
  if (files === undefined) await refuseWithoutWeights(path, name);
  if (configPath === undefined || files === undefined) {
    throw new AppError("MODEL_NOT_FOUND", `Model '${name}' has no config.json. Copy the whole model folder.`);
  }
  const config = await readConfig(configPath);
  const tensors = matchTensors(expectedTensors(config), files.tensors, config.family);
  return {
    path,
    name,
    config,
    tensors,
    weightFiles: files.files,
    sizeBytes: files.sizeBytes,
    parameters: parameterCount(config),
  };
}

/** All learned numbers of a config, from its shapes alone. */
export function parameterCount(config: ModelConfig): number {
  return expectedTensors(config).reduce((sum, { shape }) => sum + shape.reduce((n, size) => n * size, 1), 0);
}

async function realFolder(dir: string, name: string): Promise<string> {
  try {
    const path = await realpath(dir);
    await readdir(path);
    return path;
  } catch (cause) {
    throw new AppError("MODEL_NOT_FOUND", `Model '${name}' is not a folder that can be read. Check the path.`, {
      cause,
    });
  }
}

async function refuseWithoutWeights(path: string, name: string): Promise<never> {
  const unsafe = (await readdir(path)).filter((file) => UNSAFE.test(file)).sort();
  if (unsafe[0] !== undefined) {
    throw new AppError(
      "MODEL_FORMAT_UNSAFE",
      `Model '${name}' has only pickle weights ('${unsafe[0]}'), which can run code. Convert them to '${SINGLE_FILE}' (safetensors).`,
    );
  }
  throw new AppError(
    "MODEL_NOT_FOUND",
    `Model '${name}' has no '${SINGLE_FILE}' and no index of shards. Check the path.`,
  );
}
