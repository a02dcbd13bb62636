import { lastCodePoint, type MergeBoundaries } from "./merge-boundaries.js";
import type { TokenizerJson } from "./tokenizer-files.js";

/** Finds places in text as it is in the file (before normalisation) where a prefix encodes to a prefix of the ids. */
export interface RawBoundaries {
  /** The last safe place at or before `limit`, or 0. */
  lastBefore(text: string, limit: number): number;
}

/** How far back a safe place is looked for; ordinary text has one in every word. */
const MAX_LOOK_BACK = 65536;

/**
 * The boundaries of a tokenizer whose normalisation works on one character at a time (Prepend, Replace of a single
 * character, Metaspace), which is what Llama's SentencePiece conversions do; undefined for every other one.
 */
export function rawBoundaries(json: TokenizerJson, boundaries: MergeBoundaries): RawBoundaries | undefined {
  const replacements = new Map<number, string>();
  if (!collect(json.normalizer, replacements) || !collect(json.pre_tokenizer, replacements)) return undefined;
  if (json.added_tokens.some((token) => token.lstrip || token.rstrip)) return undefined;
  const added = json.added_tokens.map((token) => token.content);
  const reach = added.reduce((longest, content) => Math.max(longest, content.length), 0) + 2;
  const first = (code: number): number => replacements.get(code)?.codePointAt(0) ?? code;
  const last = (code: number): number => {
    const content = replacements.get(code);
    return content === undefined ? code : lastCodePoint(content);
  };
  const isSafe = (text: string, at: number): boolean => {
    const right = text.codePointAt(at) ?? 0;
    if (right >= 0xdc00 && right <= 0xdfff) return false; // inside a surrogate pair
    if (!boundaries.isSafe(last(lastCodePoint(text.slice(Math.max(0, at - 2), at))), first(right))) return false;
    const around = text.slice(Math.max(0, at - reach), at + reach);
    return !added.some((content) => around.includes(content));
  };
  return {
    lastBefore(text, limit) {
      // At least `reach` characters must follow, or an added token might begin before the cut and end behind the text.
      const from = Math.min(limit, text.length - reach);
      for (let at = from; at > Math.max(0, from - MAX_LOOK_BACK); at--) if (isSafe(text, at)) return at;
      return 0;
    },
  };
}

type Step = { readonly type?: unknown } & Readonly<Record<string, unknown>>;

const isStep = (value: unknown): value is Step => typeof value === "object" && value !== null && !Array.isArray(value);

/** Adds the single-character replacements of a step; false where the step does more than that. */
function collect(step: unknown, into: Map<number, string>): boolean {
  if (step === null || step === undefined) return true;
  if (!isStep(step)) return false;
  switch (step.type) {
    case "Sequence": {
      const inner = step["normalizers"] ?? step["pretokenizers"];
      return Array.isArray(inner) && inner.every((one: unknown) => collect(one, into));
    }
    case "Prepend":
      return true; // touches the beginning only
    case "Metaspace":
      return add(" ", step["replacement"] ?? "▁", into);
    case "Replace":
      return isStep(step["pattern"]) && add(step["pattern"]["String"], step["content"], into);
    default:
      return false;
  }
}

function add(from: unknown, to: unknown, into: Map<number, string>): boolean {
  if (typeof from !== "string" || typeof to !== "string" || to === "" || [...from].length !== 1) return false;
  const code = from.codePointAt(0) ?? 0;
  const before = into.get(code);
  into.set(code, to);
  return before === undefined || before === to; // two different rules for one character: order would matter
}
