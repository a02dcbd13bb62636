/**
 * What several workers on one job cost in quality and gain in time, by simulation (simulate-workers.ts) on tabulated
 * objectives: test functions for the sampler alone, and `stories3M`, the default search with refinement, whose rounds give
 * what real rounds gave (round-table.ts) on a space that stands for the widths' small part of the gain. One JSON line per
 * objective, budget and number of workers, medians over seeds:
 * - `best`: at equal budget; `serial_trials`: after how many of its trials one worker is as good;
 * - `throughput`: trials a time against one worker; `speedup`: how much sooner this quality is there than with one worker;
 * - `best_in_equal_time`: after the time that one worker takes for the budget, searching on with as many trials as fit
 *   (at most MOST_TRIALS).
 * It leaves out: the milliseconds of an ask, text that is shared by trials of one machine, and racing beyond its durations.
 * npm run bench -- search/parallel [SEEDS] [BUDGETS] [OBJECTIVES] [WORKERS]
 */
import { defineSpace, type Params, randomSampler, streamRng } from "@espalier/search";
import { printResult } from "../result-line.js";
import { functions } from "./functions.js";
import { gainOfRounds, ROUNDS } from "./round-table.js";
import { type Objective, type Settled, simulateWorkers } from "./simulate-workers.js";

const [seeds = "20", budgets = "60,200", wanted = "hartmann6,mixed15,stories3M", most = "256"] = process.argv.slice(2);
/** Trials of a search that goes on until one worker would have done its budget. */
const MOST_TRIALS = 1000;
/** Log perplexity of one unit of mixed15: its course then gains the 1 to 4 % that the sampler gains on stories3M. */
const SPACE_SCALE = 0.02;

/** Results that are known before the first trial, as the baselines of a job are. */
const GIVEN = 8;
const GIVEN_SEED = 1000;

function objectiveOf(name: string): Objective {
  const { parameters, value } = functions[name === "stories3M" ? "mixed15" : name];
  const refined = (params: Params): number => SPACE_SCALE * value(params) - gainOfRounds(params);
  const isRefined = name === "stories3M";
  const scored = isRefined ? refined : value;
  const space = defineSpace(parameters);
  const given = Array.from({ length: GIVEN }, (_, n) => {
    const params = randomSampler.suggest(space, { directions: ["minimize"], trials: [] }, streamRng(GIVEN_SEED, n));
    return { params, score: scored(params) };
  });
  return {
    schedule: { space: parameters, starts: [], given, sampler: "tpe", refinement: isRefined ? 0.5 : 0 },
    value: scored,
  };
}

const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))];
};
const median = (values: readonly number[]): number => quantile(values, 0.5);

const bestOf = (settled: readonly Settled[]): number => Math.min(...settled.map(({ value }) => value));
const endOf = (settled: readonly Settled[]): number => settled[settled.length - 1].at;

/** Median over the searches of the best value after each trial. */
function medianCourse(searches: readonly (readonly Settled[])[]): readonly number[] {
  const bests = searches.map((settled) => {
    let best = Number.POSITIVE_INFINITY;
    return settled.map(({ value }) => {
      best = Math.min(best, value);
      return best;
    });
  });
  return bests[0].map((_, n) => median(bests.map((course) => course[n])));
}

for (const name of wanted.split(",")) {
  const objective = objectiveOf(name);
  const isRacing = objective.schedule.refinement > 0;
  const start = Math.min(...objective.schedule.given.map(({ score }) => score));
  const search = (workers: number, trials: number): readonly (readonly Settled[])[] =>
    Array.from({ length: Number(seeds) }, (_, seed) => simulateWorkers(objective, { workers, trials, seed, isRacing }));
  for (const budget of budgets.split(",").map(Number)) {
    const serial = search(1, budget);
    const course = medianCourse(serial);
    const alone = median(serial.map(endOf));
    for (let workers = 1; workers <= Number(most); workers *= 2) {
      const parallel = workers === 1 ? serial : search(workers, budget);
      const best = median(parallel.map(bestOf));
      const reached = course.findIndex((value) => value <= best);
      const serialTrials = reached < 0 ? budget : reached + 1;
      const took = median(parallel.map(endOf));
      const fit = budget * workers;
      const longer = workers > 1 && fit <= MOST_TRIALS ? search(workers, fit) : undefined;
      printResult({
        bench: "search/parallel",
        objective: name,
        trials: budget,
        workers,
        seeds: Number(seeds),
        start,
        best,
        q25: quantile(parallel.map(bestOf), 0.25),
        q75: quantile(parallel.map(bestOf), 0.75),
        serial_trials: serialTrials,
        time: took,
        throughput: alone / took,
        speedup: median(serial.map((settled) => settled[serialTrials - 1].at)) / took,
        best_in_equal_time: longer && median(longer.map((all) => bestOf(all.filter(({ at }) => at <= alone)))),
        rounds_in_table: name === "stories3M" ? ROUNDS : undefined,
      });
    }
  }
}
