import { realpath } from "node:fs/promises";
import { AppError } from "@espalier/contracts";
import { realRoots } from "../paths/real-roots.js";
import { cuttingPreTokenizer } from "./cutting-pre-tokenizer.js";
import { constructLibrary, type LibraryModel, type LibraryTokenizer } from "./library.js";
import { type MergeBoundaries, mergeBoundaries } from "./merge-boundaries.js";
import { type RawBoundaries, rawBoundaries } from "./raw-boundaries.js";
import { makeTokenizer, type Tokenizer } from "./tokenizer.js";
import {
  readTokenizerConfig,
  readTokenizerJson,
  type TokenizerConfigJson,
  type TokenizerJson,
} from "./tokenizer-files.js";
import { tokenizerInvalid } from "./tokenizer-invalid.js";

export interface LoadTokenizerOptions {
  /** The model's vocabulary; text that needs an id at or above it is refused. Default: no bound. */
  readonly vocabSize?: number;
  /** Folders that links inside the model's folder may lead into; default: only the folder itself. */
  readonly linkRoots?: readonly string[];
}

/**
 * Loads `tokenizer.json` and `tokenizer_config.json` of a model folder. Throws `TOKENIZER_INVALID`.
 * A hostile regular expression can make encoding slow: services load and encode in a child process with a deadline.
 */
export async function loadTokenizer(dir: string, options: LoadTokenizerOptions = {}): Promise<Tokenizer> {
  let root: string;
  try {
    root = await realpath(dir);
  } catch (cause) {
    throw new AppError("MODEL_NOT_FOUND", "The tokenizer's folder does not exist. Check the path.", { cause });
  }
  const linkRoots = [root, ...(await realRoots(options.linkRoots ?? []))];
  const json = await readTokenizerJson(root, linkRoots);
  return buildTokenizer(json, await readTokenizerConfig(root, linkRoots), options.vocabSize);
}

/** A tokenizer from the two checked files. Throws `TOKENIZER_INVALID`. */
export function buildTokenizer(json: TokenizerJson, config: TokenizerConfigJson, vocabSize?: number): Tokenizer {
  const library = construct(json, config);
  const boundaries = json.model.type === "BPE" ? exactBoundaries(library.model) : undefined;
  if (boundaries !== undefined) library.pre_tokenizer = cuttingPreTokenizer(library.pre_tokenizer, boundaries);
  const prefixes = boundaries === undefined ? undefined : prefixBoundaries(library.model, json, boundaries);
  return makeTokenizer({ library, json, config, prefixes, maxId: vocabSize ?? Number.POSITIVE_INFINITY });
}

function construct(json: TokenizerJson, config: TokenizerConfigJson): LibraryTokenizer {
  try {
    return constructLibrary(json, config);
  } catch (cause) {
    throw tokenizerInvalid(cause instanceof Error ? cause.message.slice(0, 200) : "it cannot be read", cause);
  }
}

/** Boundaries that hold for this model; undefined where a piece is not encoded by merges of its characters alone. */
function exactBoundaries(model: LibraryModel): MergeBoundaries | undefined {
  const suffixed = (model.end_of_word_suffix ?? "") !== "" || (model.continuing_subword_suffix ?? "") !== "";
  return suffixed || model.ignore_merges || model.merges === undefined ? undefined : mergeBoundaries(model.merges);
}

function prefixBoundaries(model: LibraryModel, json: TokenizerJson, known: MergeBoundaries): RawBoundaries | undefined {
  // Neighbouring unknown tokens are fused into one: a cut between two of them would be seen.
  const mayFuse = model.fuse_unk && !(model.byte_fallback && hasAllBytes(model));
  return mayFuse ? undefined : rawBoundaries(json, known);
}

function hasAllBytes(model: LibraryModel): boolean {
  return Array.from({ length: 256 }, (_, byte) => byte.toString(16).toUpperCase().padStart(2, "0")).every((hex) =>
    model.tokens_to_ids.has(`<0x${hex}>`),
  );
}
