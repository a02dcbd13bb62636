/**
 * What starting from another job's trials saves: a search at 30 % sparsity on stories3M, cold and started from the best
 * points of a search at 20 %, sampler's trials only. Counts the trials until the best score of the cold search is reached.
 * Prints one JSON line per seed. npm run bench -- quality/warm-start [TRIALS] [SEEDS]
 */
import { openSearchContext, type SearchContext } from "@espalier/pruning";
import { isRefined, transferPoints } from "@espalier/search";
import { storiesJob } from "./job-spec.js";
import { bestOf, runSearch, type Step } from "./run-search.js";
import { modelPath, prepareTexts } from "./texts.js";

const [trials = "40", seeds = "0,1,2"] = process.argv.slice(2);
/** Points of the earlier search that are tried, as the service does. */
const TAKEN = 5;

const texts = prepareTexts();

const open = (sparsity: number): Promise<SearchContext> =>
  openSearchContext({
    modelPath,
    spec: storiesJob([sparsity], { trials: Number(trials) }),
    corpusPaths: { calibration: texts.calibration, scoring: [texts.scoring], report: texts.report },
    dataDir: texts.profiles,
  });

/** Trials until a score is reached; null when it never is. */
function trialsUntil(steps: readonly Step[], score: number): number | null {
  const at = steps.findIndex((step) => step.score <= score);
  return at < 0 ? null : at + 1;
}

const rounded = (score: number): number => Number(Math.exp(score).toFixed(4));

const [earlier, later] = [await open(0.2), await open(0.3)];
const [earlierBaselines, baselines] = [await earlier.baselines(), await later.baselines()];
for (const seed of seeds.split(",").map(Number)) {
  const settings = { sampler: "tpe", refinement: 0, trials: Number(trials), seed } as const;
  const first = await runSearch(earlier, earlierBaselines, settings);
  const results = first
    .filter(({ params, score }) => Number.isFinite(score) && !isRefined(params))
    .sort((a, b) => a.score - b.score);
  const points = transferPoints(later.space, later.neutral, results).slice(0, TAKEN);
  const [own, ...others] = baselines.starts;
  const starts = [own, ...points.map(({ params }) => params), ...others];
  const cold = await runSearch(later, baselines, settings);
  const warm = await runSearch(later, { ...baselines, starts }, settings);
  const best = cold[bestOf(cold, cold.length)].score;
  console.log(
    JSON.stringify({
      figure: "warm_start",
      seed,
      trials: Number(trials),
      cold: rounded(best),
      warm: rounded(warm[bestOf(warm, warm.length)].score),
      cold_reached_after: trialsUntil(cold, best),
      warm_reached_after: trialsUntil(warm, best),
      cold_course: cold.map(({ score }) => Number(Math.exp(score).toFixed(2))),
      warm_course: warm.map(({ score }) => Number(Math.exp(score).toFixed(2))),
    }),
  );
}
await earlier.close();
await later.close();
