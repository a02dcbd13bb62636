import { AppError } from "@espalier/contracts";
import { readBoundedFile } from "../files/regular-file.js";
import { configInvalid } from "./config-invalid.js";
import { familyRegistry, isFamilyName } from "./families/registry.js";
import { familyNames, type ModelConfig } from "./model-config.js";

/** Published configs have a few kB; with per-layer widths of 4096 layers some hundred. */
const MAX_CONFIG_BYTES = 1024 * 1024;

/** Reads and checks `config.json`. Throws `MODEL_CONFIG_INVALID`, or `MODEL_FAMILY_UNSUPPORTED` with the supported ones. */
export async function readConfig(path: string): Promise<ModelConfig> {
  const bytes = await readBoundedFile(path, MAX_CONFIG_BYTES, {
    missing: "MODEL_NOT_FOUND",
    unreadable: "MODEL_CONFIG_INVALID",
    label: "config.json",
  });
  return parseConfig(bytes.toString("utf8"));
}

/** Checks the text of a `config.json`. */
export function parseConfig(text: string): ModelConfig {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (cause) {
    throw new AppError("MODEL_CONFIG_INVALID", "config.json is not valid JSON. Write it again.", { cause });
  }
  if (!isRecord(raw)) throw new AppError("MODEL_CONFIG_INVALID", "config.json holds no JSON object. Write it again.");
  const type = raw["model_type"];
  if (typeof type !== "string") throw configInvalid("model_type", type, `one of ${familyNames.join(", ")}`);
  if (!isFamilyName(type)) {
    throw new AppError(
      "MODEL_FAMILY_UNSUPPORTED",
      `config.json: 'model_type' is ${JSON.stringify(type.slice(0, 80))}. Supported: ${familyNames.join(", ")}.`,
    );
  }
  return familyRegistry[type].parse(raw);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
