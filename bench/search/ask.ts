/**
 * Time of one ask of the default TPE sampler at 1,000 finished trials of mixed15, and of its two kinds of proposals, for a
 * history that grew by one trial since the ask before (850 to 1,150 trials, kept objects) and for one that was never seen
 * before (all trials parsed anew, as when they come from a store; parsing is not timed).
 * Prints one JSON line each: least, quartiles and median in milliseconds of 300 asks after 300 for warm-up, and the mean
 * processor time of one, which other programs on the machine disturb less.
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
import { printResult } from "../result-line.js";
import { functions } from "./functions.js";

const FINISHED = 1000;
const WARM_UP = 300;
const RUNS = 300;
/** Shares of local proposals: the preset's, none, nothing else. */
const KINDS = { default: tpeOptions().localShare, densities: 0, local: 1 };

const { parameters, value } = functions["mixed15"];
const space = defineSpace(parameters);
const historyOf = (trials: readonly Trial[]): History => ({ directions: ["minimize"], trials });

/** Half random, half drawn by the sampler: widths and repeats as in a search that has begun to converge. */
function madeTrials(): readonly Trial[] {
  const sampler = tpeSampler(tpeOptions());
  const trials: Trial[] = [];
  for (let number = 0; number < FINISHED + RUNS / 2; number++) {
    const source = number < FINISHED / 2 ? randomSampler : sampler;
    const params = source.suggest(space, historyOf(trials.slice(0, FINISHED / 2)), streamRng(1, number));
    trials.push({ number, state: "complete", params, values: [value(params)] });
  }
  return trials;
}

const made = madeTrials();
const text = JSON.stringify(made.slice(0, FINISHED));

/** The history of each run, by what the sampler saw before. */
const HISTORIES: Readonly<Record<string, (run: number) => History>> = {
  grown_by_one: (run) => historyOf(made.slice(0, FINISHED - RUNS / 2 + run)),
  never_seen: () => historyOf(JSON.parse(text) as Trial[]),
};

/** Milliseconds of each ask in ascending order, and mean processor time of one. */
function askTimes(
  localShare: number,
  historyAt: (run: number) => History,
): { readonly times: readonly number[]; readonly processor: number } {
  const asked = tpeSampler(tpeOptions({ localShare }));
  const times: number[] = [];
  let processor = 0;
  for (let run = -WARM_UP; run < RUNS; run++) {
    const known = historyAt(Math.max(run, 0));
    const before = process.cpuUsage();
    const start = performance.now();
    asked.suggest(space, known, streamRng(2, WARM_UP + run));
    const end = performance.now();
    const { user, system } = process.cpuUsage(before);
    if (run < 0) continue;
    times.push(end - start);
    processor += user + system;
  }
  return { times: times.sort((a, b) => a - b), processor: processor / 1000 / RUNS };
}

for (const [history, historyAt] of Object.entries(HISTORIES)) {
  for (const [proposals, localShare] of Object.entries(KINDS)) {
    const { times, processor } = askTimes(localShare, historyAt);
    const at = (share: number): number => times[Math.floor(share * (RUNS - 1))];
    printResult({
      bench: "search/ask",
      trials: FINISHED,
      space: "mixed15",
      history,
      proposals,
      min_ms: at(0),
      q25_ms: at(0.25),
      median_ms: at(0.5),
      q75_ms: at(0.75),
      cpu_ms: processor,
      runs: RUNS,
      seed: 2,
    });
  }
}
