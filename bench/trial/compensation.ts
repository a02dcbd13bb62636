/**
 * Time of least-squares compensation inside a trial, on the shape of stories3M with made-up statistics.
 * Prints one JSON line per figure: milliseconds, median and spread of 12 runs after 2 for warm-up.
 */
import { compensate, InverseCache, type Plan, type ProjectionStatistics } from "@espalier/pruning";
import { printResult } from "../result-line.js";
import { stories3MShape as shape } from "../stories3m-shape.js";

const WARM_UP = 2;
const RUNS = 12;
const TOKENS = 700;

function numbers(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

function gram(inputs: number, seed: number): Float32Array {
  const x = numbers(TOKENS * inputs, seed);
  const g = new Float32Array(inputs * inputs);
  for (let t = 0; t < TOKENS; t++) {
    const row = x.subarray(t * inputs, (t + 1) * inputs);
    for (let i = 0; i < inputs; i++) for (let j = 0; j < inputs; j++) g[i * inputs + j] += row[i] * row[j];
  }
  return g;
}

const projections = shape.layers.flatMap((layer, l): ProjectionStatistics[] =>
  (["o_proj", "down_proj"] as const).map((projection) => {
    const inputs = projection === "o_proj" ? layer.heads * shape.headDim : layer.intermediateSize;
    const outputs = shape.hiddenSize;
    const weight = numbers(outputs * inputs, 100 + l);
    return { layer: l, projection, inputs, outputs, weight, gram: gram(inputs, 1 + l) };
  }),
);

/** Removes the share from the MLPs, and one KV group of every second layer. */
function planAt(sparsity: number): Plan {
  return {
    layers: shape.layers.map((layer, l) => ({
      kvGroups: l % 2 === 0 ? Int32Array.of(0) : Int32Array.of(0, 1),
      channels: Int32Array.from({ length: Math.round(layer.intermediateSize * (1 - sparsity)) }, (_, i) =>
        Math.floor(i / (1 - sparsity)),
      ),
    })),
  };
}

function report(figure: string, runs: readonly number[]): void {
  const sorted = [...runs].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))];
  printResult({ figure, unit: "ms", median: at(0.5), p10: at(0.1), p90: at(0.9), runs: runs.length });
}

function measure(figure: string, work: () => void, warmUp = WARM_UP, runs = RUNS): void {
  for (let i = 0; i < warmUp; i++) work();
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    work();
    times.push(performance.now() - start);
  }
  report(figure, times);
}

measure(
  "compensation.first_use_of_a_lambda",
  () => compensate(shape, planAt(0.2), projections, "least_squares", { lambda: 1e-3, cache: new InverseCache() }),
  1,
  3,
);
const cache = new InverseCache();
for (const sparsity of [0.2, 0.5]) {
  measure(`compensation.cached.sparsity_${sparsity}`, () =>
    compensate(shape, planAt(sparsity), projections, "least_squares", { lambda: 1e-3, cache }),
  );
}
