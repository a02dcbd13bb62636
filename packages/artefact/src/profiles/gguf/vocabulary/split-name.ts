import type { TokenizerJson } from "@espalier/model";
import { patternOf, type Step, stepsOf } from "./steps.js";
import { unfitTokenizer } from "./unfit-tokenizer.js";

/** A rule that splits texts before merges, and whether whole words that are tokens skip the merges. */
interface Split {
  /** llama.cpp's name. */
  readonly name: string;
  readonly ignoresMerges: boolean;
  fits(steps: readonly Step[]): boolean;
}

const CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const REST = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const llama3Pattern = `${CONTRACTIONS}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}|${REST}`;
const qwen2Pattern = `${CONTRACTIONS}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}|${REST}`;

/** Bytes become characters; with the rule of GPT-2 or without any. */
const isBytes = (step: Step | undefined, rule: boolean): boolean =>
  step?.["type"] === "ByteLevel" && (step["use_regex"] ?? true) === rule && step["add_prefix_space"] === false;

const byPattern =
  (pattern: string) =>
  ([split, bytes, ...more]: readonly Step[]): boolean =>
    split?.["type"] === "Split" &&
    patternOf(split) === pattern &&
    split["behavior"] === "Isolated" &&
    split["invert"] !== true &&
    isBytes(bytes, false) &&
    more.length === 0;

const splits: readonly Split[] = [
  { name: "llama-bpe", ignoresMerges: true, fits: byPattern(llama3Pattern) },
  { name: "smaug-bpe", ignoresMerges: false, fits: byPattern(llama3Pattern) },
  { name: "qwen2", ignoresMerges: false, fits: byPattern(qwen2Pattern) },
  { name: "gpt-2", ignoresMerges: false, fits: (steps) => steps.length === 1 && isBytes(steps[0], true) },
  {
    name: "smollm",
    ignoresMerges: false,
    fits: ([digits, bytes, ...more]) =>
      digits?.["type"] === "Digits" &&
      digits["individual_digits"] === true &&
      isBytes(bytes, true) &&
      more.length === 0,
  },
];

/** llama.cpp's name of the rule by which a tokenizer splits texts. Throws AppError VALIDATION_FAILED for one without. */
export function splitName({ model, normalizer, pre_tokenizer }: TokenizerJson): string {
  // NFC leaves text alone as nearly all of it is written; llama.cpp's own converter passes over it, too.
  const changes = stepsOf(normalizer).find((step) => step["type"] !== "NFC");
  if (changes !== undefined) throw unfitTokenizer(`changes texts by '${changes["type"]}'`);
  const steps = stepsOf(pre_tokenizer);
  const ignoresMerges = model["ignore_merges"] === true;
  const found = splits.find((split) => split.ignoresMerges === ignoresMerges && split.fits(steps));
  if (found !== undefined) return found.name;
  throw unfitTokenizer(`splits texts by ${steps.map((step) => `'${step["type"]}'`).join(", ") || "nothing"}`);
}
