/**
 * Time of one ask of the default TPE sampler at 1,000 finished trials of mixed15, and of its two kinds of proposals.
 * Prints one JSON line per kind: least, quartiles and median in milliseconds of 300 asks after 300 for warm-up, and the
 * mean processor time of one, which other programs on the machine disturb less.
 * npm run bench -- search/ask
 */
import { cpus } from "node:os";
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
const WARM_UP = 300;
const RUNS = 300;
/** Shares of local proposals: the preset's, none, nothing else. */
const KINDS = { default: tpeOptions().localShare, densities: 0, local: 1 };

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

/** Milliseconds of each ask in ascending order, and mean processor time of one. */
function askTimes(localShare: number): { readonly times: readonly number[]; readonly processor: number } {
  const asked = tpeSampler(tpeOptions({ localShare }));
  const times: number[] = [];
  for (let run = 0; run < WARM_UP; run++) asked.suggest(space, known, streamRng(2, run));
  const before = process.cpuUsage();
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    asked.suggest(space, known, streamRng(2, WARM_UP + run));
    times.push(performance.now() - start);
  }
  const { user, system } = process.cpuUsage(before);
  return { times: times.sort((a, b) => a - b), processor: (user + system) / 1000 / RUNS };
}

for (const [proposals, localShare] of Object.entries(KINDS)) {
  const { times, processor } = askTimes(localShare);
  const at = (share: number): number => Number(times[Math.floor(share * (RUNS - 1))].toFixed(3));
  console.log(
    JSON.stringify({
      bench: "search/ask",
      trials: FINISHED,
      space: "mixed15",
      proposals,
      min_ms: at(0),
      q25_ms: at(0.25),
      median_ms: at(0.5),
      q75_ms: at(0.75),
      cpu_ms: Number(processor.toFixed(3)),
      runs: RUNS,
      seed: 2,
      node: process.version,
      cpu: cpus()[0]?.model ?? "unknown",
    }),
  );
}
