/**
 * Time of one ask of the default TPE sampler at 1,000 finished trials of mixed15.
 * Prints one JSON line per figure: median and spread in milliseconds of 100 asks after 200 for warm-up.
 * npm run bench -- search/ask
 */
import {
  defineSpace,
  type History,
  randomSampler,
  streamRng,
  type Trial,
  tpeOptions,
  tpeSampler,
} from "@espalier/search";
import { functions } from "./functions.js";

const FINISHED = 1000;
const WARM_UP = 200;
const RUNS = 100;

const { parameters, value } = functions["mixed15"];
const space = defineSpace(parameters);
const empty: History = { directions: ["minimize"], trials: [] };

/** Half random, half drawn by the sampler: widths and repeats as in a search that has begun to converge. */
function history(): History {
  const trials: Trial[] = [];
  for (let number = 0; number < FINISHED; number++) {
    const rng = streamRng(1, number);
    const known = { directions: empty.directions, trials: trials.slice(0, 500) };
    const params = number < 500 ? randomSampler.suggest(space, empty, rng) : sampler.suggest(space, known, rng);
    // Trials read from a store are fresh objects.
    trials.push(JSON.parse(JSON.stringify({ number, state: "complete", params, values: [value(params)] })) as Trial);
  }
  return { directions: empty.directions, trials };
}

const sampler = tpeSampler(tpeOptions());
const known = history();
const times: number[] = [];
for (let run = 0; run < WARM_UP + RUNS; run++) {
  const start = performance.now();
  sampler.suggest(space, known, streamRng(2, run));
  if (run >= WARM_UP) times.push(performance.now() - start);
}
times.sort((a, b) => a - b);
const at = (share: number): number => Number(times[Math.floor(share * (RUNS - 1))].toFixed(3));
console.log(
  JSON.stringify({
    bench: "search/ask",
    trials: FINISHED,
    space: "mixed15",
    median_ms: at(0.5),
    q25_ms: at(0.25),
    q75_ms: at(0.75),
    runs: RUNS,
    node: process.version,
  }),
);
