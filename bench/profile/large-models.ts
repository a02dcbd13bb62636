// The tables of docs/large-models.md, from counted bytes and operations and from measured lines:
// npm run bench -- profile/large-models writes them between the marks of the document.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import {
  forwardOperations,
  jobNeed,
  memoryNeed,
  prunableParameters,
  searchNeed,
  statisticsOperations,
  streamedNeed,
  totalParameters,
} from "@espalier/pruning";
import { shapes } from "./shapes.js";

const SAMPLES = 128;
const TOKENS = 512;
/** Windows of the scoring text that a trial reads, of as many tokens. */
const SCORING_WINDOWS = 32;
/** Operations per second that are assumed of the GPU: float32 without tensor cores, a third of 60 teraflops. */
const RATE = 20e12;

const shape = shapes["7B"];
const request = { shape, sequenceLength: TOKENS, weightGradients: true };
const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);
const row = (...cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;
const parameters = totalParameters(shape);
const grams = shape.layers.reduce(
  (sum, layer) => sum + (layer.heads * shape.headDim) ** 2 + layer.intermediateSize ** 2,
  0,
);
const states = 4 * SAMPLES * TOKENS * shape.hiddenSize;

const memory = [
  row("7B (Llama 2), windows of 512 tokens", "GB"),
  row("---", "---:"),
  row("weights in float16", gigabytes(2 * parameters)),
  row("weights in float32", gigabytes(4 * parameters)),
  row("weight gradients and their squares of one cluster, float32", gigabytes(8 * prunableParameters(shape))),
  row("Gram matrices of one cluster, float32", gigabytes(4 * grams)),
  row("Gram matrices as repairs read them, float64", gigabytes(8 * grams)),
  row("profile, whole: need", gigabytes(memoryNeed(request))),
  row("profile, streamed: need", gigabytes(streamedNeed(request))),
  row(`states between blocks on disk, ${SAMPLES} samples`, gigabytes(states * (shape.layers.length + 1))),
  row("search: need", gigabytes(searchNeed(request))),
  row("job, `auto`: need", gigabytes(jobNeed(request))),
];

const seconds = (operations: number): string => (operations / RATE).toFixed(0);
const profile = statisticsOperations(shape, TOKENS, SAMPLES * TOKENS);
const again = forwardOperations(shape, TOKENS, SAMPLES * TOKENS);
const trial = forwardOperations(shape, TOKENS, SCORING_WINDOWS * TOKENS);
const time = [
  row("step", "10¹² operations", `seconds at ${RATE / 1e12}·10¹² a second`),
  row("---", "---:", "---:"),
  row(`observing pass, ${SAMPLES} samples`, (again / 1e12).toFixed(0), seconds(again)),
  row("statistics", (profile / 1e12).toFixed(0), seconds(profile)),
  row(`trial, ${SCORING_WINDOWS} windows, dense width`, (trial / 1e12).toFixed(0), seconds(trial)),
];

interface Line {
  readonly model: string;
  readonly mode: string;
  readonly parameters: number;
  readonly need_bytes: number;
  readonly start_rss_bytes: number;
  readonly peak_rss_bytes: number;
  readonly seconds: number;
}

const results = new URL("../results/profile-rss.jsonl", import.meta.url);
const lines = existsSync(results) ? readFileSync(results, "utf8").trim().split("\n") : [];
const measured = [
  row("model", "10⁶ parameters", "execution", "counted GB", "measured peak GB", "above the process's start", "seconds"),
  row("---", "---:", "---", "---:", "---:", "---:", "---:"),
  ...lines.map((text) => {
    const line = JSON.parse(text) as Line; // our own file, as printResult wrote it
    return row(
      line.model,
      (line.parameters / 1e6).toFixed(0),
      line.mode,
      (line.need_bytes / 1e9).toFixed(2),
      (line.peak_rss_bytes / 1e9).toFixed(2),
      ((line.peak_rss_bytes - line.start_rss_bytes) / 1e9).toFixed(2),
      line.seconds.toFixed(0),
    );
  }),
];

const document = new URL("../../docs/large-models.md", import.meta.url);
let text = readFileSync(document, "utf8");
for (const [name, table] of Object.entries({ memory, time, measured })) {
  const mark = new RegExp(`(<!-- ${name} -->\n)[^]*?(\n<!-- end -->)`);
  text = text.replace(mark, (_, before: string, after: string) => `${before}\n${table.join("\n")}\n${after}`);
}
writeFileSync(document, text);
