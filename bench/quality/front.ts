/**
 * One search over four sparsities against four searches with one sparsity each and a quarter of the trials: volume under
 * the front of (parameters, report perplexity), on the axes of GET /v1/jobs/{id}/pareto.
 * Prints one JSON line per seed. npm run bench -- quality/front [TRIALS] [SEEDS]
 */
import { REFERENCE_PERPLEXITY_FACTOR } from "@espalier/contracts";
import { type BaselineOutcome, openSearchContext, type SearchContext, type Winner } from "@espalier/pruning";
import { frontVolume } from "@espalier/search";
import { printResult } from "../result-line.js";
import { storiesJob } from "./job-spec.js";
import { bestOf, runSearch, type Step } from "./run-search.js";
import { modelPath, prepareTexts } from "./texts.js";

const [trials = "48", seeds = "0,1,2"] = process.argv.slice(2);
const SPARSITIES = [0.1, 0.2, 0.35, 0.5];

const texts = prepareTexts();

const open = (sparsity: readonly number[]): Promise<SearchContext> =>
  openSearchContext({
    modelPath,
    spec: storiesJob(sparsity, { trials: Number(trials) }),
    corpusPaths: { calibration: texts.calibration, scoring: [texts.scoring], report: texts.report },
    dataDir: texts.profiles,
  });

interface Searched {
  readonly context: SearchContext;
  readonly baselines: BaselineOutcome;
}

async function prepare(sparsity: readonly number[]): Promise<Searched> {
  const context = await open(sparsity);
  return { context, baselines: await context.baselines() };
}

const run = ({ context, baselines }: Searched, count: number, seed: number): Promise<Step[]> =>
  runSearch(context, baselines, { sampler: "tpe", refinement: 0.5, trials: count, seed });

/** Best trial at one sparsity, as the service chooses its winners. */
function winnerAt(steps: readonly Step[], sparsity: number): Winner {
  const own = steps.map((step) => ({ ...step, score: Math.log(step.perplexities.get(sparsity) ?? Number.NaN) }));
  const trialNumber = bestOf(own, own.length);
  return { sparsity, trialNumber, params: steps[trialNumber].params };
}

const seconds = (steps: readonly Step[]): number => steps.reduce((sum, s) => sum + s.seconds, 0);

const together = await prepare(SPARSITIES);
const apart = await Promise.all(SPARSITIES.map((sparsity) => prepare([sparsity])));

async function volumeOf(winners: readonly Winner[]): Promise<{ volume: number; perplexities: (number | null)[] }> {
  const { dense, best } = await together.context.report(winners, []);
  const densePerplexity = dense.report_perplexity ?? Number.NaN;
  const points = best.map(({ parameters, report_perplexity: perplexity }) => [
    parameters / dense.parameters,
    Math.log((perplexity ?? Number.POSITIVE_INFINITY) / densePerplexity) / Math.log(REFERENCE_PERPLEXITY_FACTOR),
  ]);
  return {
    volume: frontVolume(points, [1, 1]),
    perplexities: best.map(({ report_perplexity: perplexity }) => perplexity),
  };
}

for (const seed of seeds.split(",").map(Number)) {
  const one = await run(together, Number(trials), seed);
  const four: Step[][] = [];
  for (const searched of apart) four.push(await run(searched, Number(trials) / SPARSITIES.length, seed));
  const line = {
    figure: "front",
    seed,
    trials: Number(trials),
    sparsities: SPARSITIES,
    one: { ...(await volumeOf(SPARSITIES.map((s) => winnerAt(one, s)))), seconds: seconds(one) },
    four: { ...(await volumeOf(SPARSITIES.map((s, i) => winnerAt(four[i], s)))), seconds: seconds(four.flat()) },
  };
  printResult({ ...line, ratio: line.one.volume / line.four.volume });
}
for (const { context } of [together, ...apart]) await context.close();
