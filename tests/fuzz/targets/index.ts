import type { FuzzTarget } from "../fuzz-target.js";
import { askTell } from "./ask-tell.js";
import { modelConfig } from "./config.js";
import { cursor } from "./cursor.js";
import { idempotencyKey, range } from "./request-headers.js";
import { safetensors } from "./safetensors.js";
import { shardIndex } from "./shard-index.js";
import { tokenizer } from "./tokenizer.js";

/** Every parser of foreign input. */
export const fuzzTargets: readonly FuzzTarget[] = [
  safetensors,
  shardIndex,
  modelConfig,
  tokenizer,
  cursor,
  range,
  idempotencyKey,
  askTell,
];
