import { AppError } from "@espalier/contracts";
import { INDEX_FILE, MAX_INDEX_BYTES, readShardIndex } from "../safetensors/read-index.js";
import { SINGLE_FILE } from "../safetensors/shards.js";
import { MAX_TOKENIZER_BYTES } from "../tokenizer/limits.js";
import type { HubFile, HubRevision } from "./revision.js";

const isWeights = ({ name }: HubFile): boolean => name.endsWith(".safetensors");

/** Config, tokenizer, index and licence. Throws `HUB_FILE_TOO_LARGE` for one that is larger than what is ever read. */
export function smallFiles({ id, files }: HubRevision): readonly HubFile[] {
  const small = [...files.values()].filter((file) => !isWeights(file));
  const limit = Math.max(MAX_TOKENIZER_BYTES, MAX_INDEX_BYTES);
  const large = small.find(({ sizeBytes }) => sizeBytes > limit);
  if (large === undefined) return small;
  throw new AppError(
    "HUB_TOO_LARGE",
    `'${large.name}' of '${id}' has ${large.sizeBytes} bytes; at most ${limit} are downloaded of such a file.`,
  );
}

/**
 * The safetensors that the weights are in: one file, or the shards of the index, whose content is at `indexPath`.
 * Throws `MODEL_FORMAT_UNSAFE` for a model with pickles alone, `MODEL_NOT_FOUND`, `MODEL_FILE_MALFORMED`.
 */
export async function weightFiles(
  revision: HubRevision,
  indexPath: (index: HubFile) => string,
): Promise<readonly HubFile[]> {
  const { id, files, pickle } = revision;
  const single = files.get(SINGLE_FILE);
  if (single !== undefined) return [single];
  const index = files.get(INDEX_FILE);
  if (index === undefined) throw withoutWeights(id, pickle);
  const shards = [...(await readShardIndex(indexPath(index))).keys()];
  return shards.map((name) => {
    const shard = files.get(name);
    if (shard !== undefined) return shard;
    throw new AppError(
      "MODEL_FILE_MALFORMED",
      `${INDEX_FILE} of '${id}' names the shard '${name}', which the hub does not have under a name like model-00001-of-00002.safetensors.`,
    );
  });
}

function withoutWeights(id: string, pickle: string | undefined): AppError {
  if (pickle === undefined) {
    return new AppError("MODEL_NOT_FOUND", `The model '${id}' has no '${SINGLE_FILE}' and no index of shards.`);
  }
  return new AppError(
    "MODEL_FORMAT_UNSAFE",
    `The model '${id}' has only pickle weights ('${pickle}'), which can run code and are not downloaded. Ask its owner for safetensors, or convert it.`,
  );
}
