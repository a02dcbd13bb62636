/**
 * Sampler quality: the median over seeds of the best value after 25, 50, 100 and 200 trials on the test functions.
 * Prints one JSON line per function. npm run bench -- search/quality [SEEDS] [OPTIONS AS JSON] [FUNCTIONS]
 */
import { defineSpace, streamRng, type Trial, tpeOptions, tpeSampler } from "@espalier/search";
import { functions, type TestFunction } from "./functions.js";

const BUDGET = 200;
const MARKS = [25, 50, 100, 200];
const [seeds = "20", changes = "{}", wanted] = process.argv.slice(2);
const sampler = tpeSampler(tpeOptions(JSON.parse(changes)));

/** Best value so far after each mark, for one seed. */
function search({ parameters, value }: TestFunction, seed: number): number[] {
  const space = defineSpace(parameters);
  const trials: Trial[] = [];
  let best = Infinity;
  const bests: number[] = [];
  for (let number = 0; number < BUDGET; number++) {
    const params = sampler.suggest(space, { directions: ["minimize"], trials }, streamRng(seed, number));
    const result = value(params);
    trials.push({ number, state: "complete", params, values: [result] });
    best = Math.min(best, result);
    if (MARKS.includes(number + 1)) bests.push(best);
  }
  return bests;
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
}

for (const [name, fn] of Object.entries(functions)) {
  if (wanted !== undefined && !wanted.split(",").includes(name)) continue;
  const bests = Array.from({ length: Number(seeds) }, (_, seed) => search(fn, seed));
  const medians = MARKS.map((mark, i) => [`at_${mark}`, Number(median(bests.map((row) => row[i])).toPrecision(5))]);
  console.log(
    JSON.stringify({ bench: "search/quality", function: name, seeds: Number(seeds), ...Object.fromEntries(medians) }),
  );
}
