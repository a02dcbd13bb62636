/**
 * Found plans against what users do by hand, on stories3M: each line of a results file of `quality/search` is measured
 * again on the report text, paired window by window with
 * - `taylor_second` from 10 random calibration windows, nothing repaired (LLM-Pruner's way), drawn anew for each seed;
 * - `taylor_second` counts with `obs` order and compensation, the best that needs no search but our cached statistics.
 * Prints one JSON line per found plan. npm run bench -- quality/reach RESULTS.jsonl
 */
import { readFileSync } from "node:fs";
import {
  baselinePlan,
  bootstrapInterval,
  type Candidate,
  openSearchContext,
  relativeImprovement,
  type SearchContext,
  weightSubset,
} from "@espalier/pruning";
import { type Params, streamRng } from "@espalier/search";
import { printResult } from "../result-line.js";
import { storiesJob } from "./job-spec.js";
import { openStories } from "./open-stories.js";
import { CALIBRATION_WINDOWS, modelPath, prepareTexts } from "./texts.js";

/** Calibration windows that users draw today. */
const SAMPLES = 10;

interface Found {
  readonly seed: number;
  readonly sparsity: number;
  readonly trials: number;
  readonly sampler: string;
  readonly refinement: number;
  readonly params: Params;
}

const [results = ""] = process.argv.slice(2);
const found = readFileSync(results, "utf8")
  .split("\n")
  .filter((line) => line.startsWith("{"))
  .map((line) => JSON.parse(line) as Found & { readonly params?: Params })
  .filter(({ params }) => params !== undefined)
  .map(({ sampler, refinement, seed, sparsity, trials, params }) => ({
    sampler,
    refinement,
    seed,
    sparsity,
    trials,
    params,
  }));
const texts = prepareTexts();
const { materials, scorer, close } = await openStories();

/** The plan and weights that a point stands for. */
async function candidateAt(context: SearchContext, params: Params, sparsity: number): Promise<Candidate> {
  const plan = await context.plan(params, sparsity);
  return { plan, ...(await context.compensatedWeights(params, plan)) };
}

/** `taylor_second` counts, units in `obs` order, repaired: a point of the space. */
function obsOrder({ neutral }: SearchContext): Params {
  const weights = Object.keys(neutral).filter((name) => name.startsWith("metric."));
  return {
    ...neutral,
    ...Object.fromEntries(weights.map((name) => [name, 0])),
    metric: "taylor_second",
    obs_share: 1,
  };
}

/** Calibration windows drawn with the seed, as users draw them. */
function randomWindows(seed: number): number[] {
  const rng = streamRng(seed, 0);
  const chosen = new Set<number>();
  while (chosen.size < SAMPLES) chosen.add(Math.floor(rng.next() * CALIBRATION_WINDOWS));
  return [...chosen];
}

for (const sparsity of new Set(found.map((line) => line.sparsity))) {
  const context = await openSearchContext({
    modelPath,
    spec: storiesJob([sparsity], { trials: 1 }),
    corpusPaths: { calibration: texts.calibration, scoring: [texts.scoring], report: texts.report },
    dataDir: texts.profiles,
  });
  const ordered = await scorer.score(await candidateAt(context, obsOrder(context), sparsity));
  for (const line of found.filter((one) => one.sparsity === sparsity)) {
    const own = await scorer.score(await candidateAt(context, line.params, sparsity));
    const weighting = weightSubset(materials.profile, randomWindows(line.seed));
    const drawn = await scorer.score({
      plan: await baselinePlan(materials, "taylor_second", "global", sparsity, 1, weighting),
    });
    const against = ({ perplexity, windowLosses }: typeof own) => {
      const losses = { found: own.windowLosses, baseline: windowLosses, tokens: scorer.windowTokens };
      const interval = bootstrapInterval(losses, streamRng(0, 0));
      return { report_perplexity: perplexity, gain: relativeImprovement(losses), interval };
    };
    const { params: _, ...search } = line;
    printResult({
      figure: "reach",
      ...search,
      report_perplexity: own.perplexity,
      ten_random_windows: against(drawn),
      obs_order: against(ordered),
    });
  }
  await context.close();
}
await close();
