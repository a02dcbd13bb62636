import { type EvaluatedFolder, type EvaluateOutcome, formatCount, formatPerplexity } from "@espalier/contracts";
import Table from "cli-table3";
import { tasksTable } from "../output/comparison-table.js";

const MEBIBYTE = 1024 ** 2;

/** Tables for people: perplexities, zero-shot tasks, latency, a column for each model. */
export function evaluateText({ models }: EvaluateOutcome): string {
  return [
    ...perplexities(models),
    ...tasksTable(models.map(({ model, tasks }) => ({ name: model, tasks: [...tasks] }))),
    ...latencies(models),
  ].join("\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const made = new Table({
    head: [...head],
    colAligns: head.map((_, column) => (column === 0 ? "left" : "right")),
    style: { head: [], border: [], compact: true },
  });
  made.push(...rows.map((row) => [...row]));
  return made.toString();
}

function perplexities(models: readonly EvaluatedFolder[]): string[] {
  const [first] = models;
  if (first === undefined || first.perplexity.length === 0) return [];
  const rows = first.perplexity.map(({ file, protocol, windows, sequence_length }, i) => [
    `${file}, ${protocol}, ${windows} × ${sequence_length}`,
    ...models.map(({ perplexity }) => {
      const { value = null, interval = null } = perplexity[i] ?? {};
      const ends = interval === null ? "" : ` [${interval.map(formatPerplexity).join(", ")}]`;
      return `${formatPerplexity(value)}${ends}`;
    }),
  ]);
  return [table(["perplexity", ...models.map(({ model }) => model)], rows)];
}

function latencies(models: readonly EvaluatedFolder[]): string[] {
  const rows = models.flatMap(({ model, parameters, latency }) => {
    if (latency === null) return [];
    const { prefill_seconds, prefill_interval, peak_rss_bytes, ratio, ratio_interval } = latency;
    return [
      [
        model,
        formatCount(parameters),
        `${milliseconds(prefill_seconds)} [${prefill_interval.map(milliseconds).join(", ")}]`,
        ratio === null || ratio_interval === null
          ? ""
          : `${ratio.toFixed(3)} [${ratio_interval.map((end) => end.toFixed(3)).join(", ")}]`,
        `${(peak_rss_bytes / MEBIBYTE).toFixed(0)} MiB`,
      ],
    ];
  });
  const prompt = models[0]?.latency?.prompt_tokens ?? 0;
  const head = ["model", "parameters", `prompt of ${prompt} tokens, ms`, "ratio to the first", "peak memory"];
  return rows.length === 0 ? [] : [table(head, rows)];
}

const milliseconds = (seconds: number): string => (1000 * seconds).toPrecision(3);
