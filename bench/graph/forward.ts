/**
 * Tokens per second of the decoder programs on the shape of stories3M, batches of 8 × 128 tokens, one thread.
 * `forward elastic` runs sliced weights in a session that was opened for the dense shape.
 * Prints one JSON line per figure: median and spread of 12 runs after 3 for warm-up; per second of the clock, and per
 * second of processor time, which a busy machine changes less.
 * npm run bench -- graph/forward
 */
import {
  elasticWeights,
  type Feeds,
  type FinishedGraph,
  forwardProgram,
  gateGradientsProgram,
  inputNames,
  openGates,
  openSession,
  statisticsProgram,
  weightFeeds,
} from "@espalier/graph";
import { printResult } from "../result-line.js";
import { stories3MShape as shape } from "../stories3m-shape.js";

const WARM_UP = 3;
const RUNS = 12;
const BATCH = 8;
const TOKENS = 128;

let state = 1;
function random(): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
}

const options = { shape, sequenceLength: TOKENS };
const programs: Record<string, FinishedGraph> = {
  forward: forwardProgram(options),
  "forward elastic": forwardProgram({ ...options, gates: false, widths: "elastic" }),
  "gate gradients": gateGradientsProgram(options),
  statistics: statisticsProgram(options),
};

const weights = new Map<string, Float32Array>();
for (const { name, shape: dims } of programs["forward"].inputs) {
  if (!name.startsWith("model.")) continue;
  const count = dims.reduce((product: number, dim) => product * Number(dim), 1);
  weights.set(
    name,
    new Float32Array(count).map(() => (name.includes("norm") ? 1 : 0.1 * (random() - 0.5))),
  );
}

const text: Feeds = {
  [inputNames.inputIds]: {
    data: BigInt64Array.from({ length: BATCH * TOKENS }, () => BigInt(Math.floor(random() * shape.vocabSize))),
    dims: [BATCH, TOKENS],
  },
  [inputNames.tokenWeights]: {
    data: new Float32Array(BATCH * (TOKENS - 1)).fill(1 / (TOKENS - 1)),
    dims: [BATCH, TOKENS - 1],
  },
};

/** Weights with that share of the channels of every layer, and, from one half on, one KV group of two. */
function kept(share: number): Map<string, Float32Array> {
  const channels = [...Array(Math.round(share * 512)).keys()];
  return elasticWeights(
    shape,
    weights,
    shape.layers.map(() => ({ kvGroups: share > 0.5 ? [0, 1] : [0], channels })),
  );
}

async function measure(figure: string, graph: FinishedGraph, candidate: ReadonlyMap<string, Float32Array>) {
  const feeds = { ...text, ...weightFeeds(graph, candidate), ...openGates(graph) };
  const session = await openSession(graph);
  const rates: number[] = [];
  const processorRates: number[] = [];
  for (let run = 0; run < WARM_UP + RUNS; run++) {
    const start = performance.now();
    const usage = process.cpuUsage();
    await session.run(feeds);
    const elapsed = performance.now() - start;
    const { user, system } = process.cpuUsage(usage);
    if (run < WARM_UP) continue;
    rates.push((BATCH * TOKENS * 1e3) / elapsed);
    processorRates.push((BATCH * TOKENS * 1e6) / (user + system));
  }
  await session.release();
  for (const list of [rates, processorRates]) list.sort((a, b) => a - b);
  const at = (share: number, list = rates): number => Math.round(list[Math.floor(share * (RUNS - 1))]);
  const spread = { q25: at(0.25), q75: at(0.75), tokens_per_processor_second: at(0.5, processorRates) };
  const setting = { model: "stories3M", batch: BATCH, tokens: TOKENS, threads: 1, runs: RUNS };
  printResult({ bench: "graph/forward", figure, tokens_per_second: at(0.5), ...spread, ...setting });
}

await measure("forward masked", programs["forward"], weights);
for (const share of [1, 0.8, 0.5]) await measure(`forward elastic ${share}`, programs["forward elastic"], kept(share));
await measure("gate gradients", programs["gate gradients"], weights);
await measure("statistics", programs["statistics"], weights);
