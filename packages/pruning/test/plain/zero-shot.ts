import { readFileSync } from "node:fs";
import type { DecoderShape } from "@espalier/contracts";
import type { Tokenizer } from "@espalier/model";
import { plainLosses } from "./llama-losses.js";

/** A second implementation of the zero-shot tasks: one continuation per run, nothing shared with `src/evaluation`. */

export interface PlainModel {
  readonly shape: DecoderShape;
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly tokenizer: Tokenizer;
}

// biome-ignore lint/suspicious/noExplicitAny: records of nine schemas, read as a script would
type Row = any;

interface Asked {
  readonly pairs: readonly (readonly [context: string, continuation: string])[];
  readonly gold: number;
}

const answers = (prompt: string, choices: readonly string[], gold: number): Asked => ({
  pairs: choices.map((choice) => [prompt, ` ${choice}`]),
  gold,
});

/** Prompts for the files of MosaicML's llm-foundry (HellaSwag: the original file). */
const prompts: Record<string, (row: Row) => Asked> = {
  boolq: (row) => answers(`${row.query.trim().slice("Passage: ".length)}\nAnswer:`, row.choices, row.gold),
  piqa: (row) => answers(`${row.query.trimEnd()}\nAnswer:`, row.choices, row.gold),
  arc_easy: (row) => answers(`${row.query}\nAnswer:`, row.choices, row.gold),
  arc_challenge: (row) => answers(`${row.query}\nAnswer:`, row.choices, row.gold),
  openbookqa: (row) => answers(row.query, row.choices, row.gold),
  copa: (row) => answers(row.query.replace(/,( \w+)$/, "$1"), row.choices, row.gold),
  winogrande: (row) => ({
    pairs: row.context_options.map((context: string) => [context, ` ${row.continuation}`]),
    gold: row.gold,
  }),
  lambada: (row) => ({ pairs: [[row.context, ` ${row.continuation}`]], gold: 0 }),
  hellaswag: (row) => {
    const clean = (text: string) =>
      text
        .trim()
        .split(" [title]")
        .join(". ")
        .replace(/\[.*?\]/g, "")
        .split("  ")
        .join(" ");
    const scene = row.ctx_b.charAt(0).toUpperCase() + row.ctx_b.slice(1).toLowerCase();
    return answers(clean(`${row.activity_label}: ${row.ctx_a} ${scene}`), row.endings.map(clean), Number(row.label));
  },
};

/** Log-likelihood of a continuation, and whether greedy decoding gives it. */
function continuation({ shape, weights, tokenizer }: PlainModel, before: string, after: string) {
  const spaces = before.length - before.trimEnd().length;
  const context = before.slice(0, before.length - spaces);
  const all = [...tokenizer.encode(before + after, { bos: false })];
  const own = all.length - tokenizer.encode(context, { bos: false }).length;
  const kept = all.slice(-(shape.maxPositions + 1));
  const losses = plainLosses(shape, weights, kept).slice(-own);
  return {
    value: -losses.reduce((sum, { nll }) => sum + nll, 0),
    greedy: losses.every(({ likeliest }) => likeliest),
  };
}

/** acc, acc_norm and perplexity of the first items of a file. */
export function plainScores(model: PlainModel, task: string, file: string, limit: number) {
  const rows: Row[] = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .slice(0, limit)
    .map((line) => JSON.parse(line));
  const hits: Record<"acc" | "acc_norm", number[]> = { acc: [], acc_norm: [] };
  const likelihoods: number[] = [];
  for (const row of rows) {
    const { pairs, gold } = prompts[task](row);
    const scored = pairs.map(([context, text]) => continuation(model, context, text));
    const best = (values: number[]) => values.reduce((at, value, i) => (value > values[at] ? i : at), 0);
    const values = scored.map(({ value }) => value);
    const byLength = values.map((value, i) => value / Array.from(pairs[i][1].slice(1)).length);
    hits.acc.push(pairs.length === 1 ? Number(scored[0].greedy) : Number(best(values) === gold));
    hits.acc_norm.push(Number(best(byLength) === gold));
    likelihoods.push(...values);
  }
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    acc: mean(hits.acc),
    acc_norm: mean(hits.acc_norm),
    perplexity: Math.exp(-mean(likelihoods)),
    likelihoods,
  };
}
