/**
 * Time of a trial against one plain forward pass of the dense model over the same windows, and what of it is planning and
 * compensating; no block protected and the first two protected. Random points of the space, compensation least_squares.
 * Prints one JSON line per figure: CPU milliseconds or ratios, median and spread of the runs after 3 for warm-up.
 * npm run bench -- trial/trial [SPARSITY] [RUNS]
 */
import { densePlan, openForwardPool, openScorer, type SearchContext } from "@espalier/pruning";
import { defineSpace, type Params, randomSampler, streamRng } from "@espalier/search";
import { printResult } from "../result-line.js";
import { cpuMilliseconds, quantile } from "./cpu-time.js";
import { modelName, openTrialJob, SCORING_WINDOWS, scoringWindows, WINDOW_TOKENS } from "./trial-job.js";

const [sparsity, runs] = [process.argv[2] ?? "0.2", process.argv[3] ?? "12"].map(Number);
const WARM_UP = 3;

const free = await openTrialJob({ sparsity });
const { shape, weights } = free;
const two = await openTrialJob({ sparsity, protectedBlocks: 2 });
const pool = openForwardPool({ shape, weights });
const forward = await openScorer(pool, [{ windows: await scoringWindows(), weight: 1 }]);
const space = defineSpace(free.space);

interface Run {
  readonly forward: number;
  readonly plan: number;
  readonly compensation: number;
  readonly trial: number;
  readonly protectedTrial: number;
}

/** Plan and weights first, by themselves: the trial after it finds this point's statistics recombined already. */
async function measure(context: SearchContext, params: Params) {
  let plan = densePlan(shape);
  const planTime = await cpuMilliseconds(async () => {
    plan = await context.plan(params, sparsity);
  });
  const compensation = await cpuMilliseconds(() => context.compensatedWeights(params, plan));
  const trial = await cpuMilliseconds(() => context.score(params));
  return { plan: planTime, compensation, trial };
}

const measured: Run[] = [];
for (let run = 0; run < WARM_UP + runs; run++) {
  const params = randomSampler.suggest(space, { directions: ["minimize"], trials: [] }, streamRng(0, run));
  const { trial: protectedTrial } = await measure(two, params);
  const own = await measure(free, params);
  const pass = await cpuMilliseconds(() => forward.score({ plan: densePlan(shape) }));
  if (run >= WARM_UP) measured.push({ ...own, protectedTrial, forward: pass });
}
await pool.close();
await free.close();
await two.close();

function report(figure: string, unit: string, value: (run: Run) => number): void {
  const values = measured.map(value);
  const [low, median, high] = [0.1, 0.5, 0.9].map((share) => quantile(values, share));
  const tokens = SCORING_WINDOWS * WINDOW_TOKENS;
  printResult({ figure, unit, median, low, high, runs, model: modelName, sparsity, tokens });
}
report("trial", "CPU ms", (run) => run.trial);
report("forward", "CPU ms", (run) => run.forward);
report("plan", "CPU ms", (run) => run.plan);
report("compensation", "CPU ms", (run) => run.compensation);
report("trial_over_plain_forward", "1", (run) => run.trial / run.forward);
report("two_protected_blocks_over_plain_forward", "1", (run) => run.protectedTrial / run.forward);
