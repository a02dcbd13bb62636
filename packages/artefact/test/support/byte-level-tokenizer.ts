/** Bytes as the characters that stand for them in byte-level tokenizers: printable ones as they are, others from U+0100. */
const byteCharacters: readonly string[] = (() => {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    return String.fromCodePoint(printable ? byte : next++);
  });
})();

const spelt = (text: string): string[] => [...new TextEncoder().encode(text)].map((byte) => byteCharacters[byte]);

/** Merges of the pairs that are most frequent in a text, found one after another. */
function trainedMerges(text: string, count: number): [string, string][] {
  const words = (text.match(/ ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+/gu) ?? []).map(spelt);
  return Array.from({ length: count }, () => {
    const counts = new Map<string, number>();
    for (const word of words) {
      for (let i = 1; i < word.length; i++) {
        const pair = `${word[i - 1]} ${word[i]}`;
        counts.set(pair, (counts.get(pair) ?? 0) + 1);
      }
    }
    const [[best]] = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
    const [left, right] = best.split(" ");
    for (const word of words) {
      for (let i = word.length - 1; i > 0; i--) {
        if (word[i - 1] === left && word[i] === right) word.splice(i - 1, 2, left + right);
      }
    }
    return [left, right];
  });
}

export interface Splitting {
  readonly pre_tokenizer: unknown;
  readonly ignore_merges?: boolean;
}

const bytes = (rule: boolean) => ({ type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: rule });
const split = (pattern: string) => ({
  type: "Sequence",
  pretokenizers: [{ type: "Split", pattern: { Regex: pattern }, behavior: "Isolated", invert: false }, bytes(false)],
});
const pattern = (digits: string): string =>
  `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;

/** The rules that published models split texts by, under llama.cpp's names. */
export const splittings: Readonly<Record<string, Splitting>> = {
  "gpt-2": { pre_tokenizer: bytes(true) },
  "llama-bpe": { pre_tokenizer: split(pattern("\\p{N}{1,3}")), ignore_merges: true },
  "smaug-bpe": { pre_tokenizer: split(pattern("\\p{N}{1,3}")) },
  qwen2: { pre_tokenizer: split(pattern("\\p{N}")) },
  smollm: {
    pre_tokenizer: { type: "Sequence", pretokenizers: [{ type: "Digits", individual_digits: true }, bytes(true)] },
  },
};

/** `tokenizer.json` of a small byte-level tokenizer, trained on a text. */
export function byteLevelTokenizer(text: string, { pre_tokenizer, ignore_merges = false }: Splitting): object {
  const specials = ["<|begin|>", "<|end|>"];
  const merges = trainedMerges(text, 150);
  const tokens = [...specials, ...byteCharacters, ...merges.map((pair) => pair.join(""))];
  return {
    version: "1.0",
    added_tokens: specials.map((content, id) => ({ id, content, special: true, normalized: false })),
    normalizer: null,
    pre_tokenizer,
    post_processor: null,
    decoder: { type: "ByteLevel" },
    model: { type: "BPE", ignore_merges, vocab: Object.fromEntries(tokens.map((token, id) => [token, id])), merges },
  };
}
