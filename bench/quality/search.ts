/**
 * The search against the best single-metric baseline with the same compensation, on stories3M: gains by trials and
 * seconds, on report text of the scoring text's kind and of another kind, and what the choice of scoring texts does.
 * Prints one JSON line per sparsity, seed and variant (sampler:share of trials that refine[:race]).
 * npm run bench -- quality/search [TRIALS] [SEEDS] [SPARSITIES] [VARIANTS] [stories | stories+wiki]
 */
import { openSearchContext, type SearchContext, type Winner } from "@espalier/pruning";
import { printResult } from "../result-line.js";
import { split, storiesJob, storiesScoring } from "./job-spec.js";
import { bestOf, runSearch, type Step, type Variant } from "./run-search.js";
import { modelPath, prepareTexts } from "./texts.js";

const [
  trials = "60",
  seeds = "0,1,2",
  sparsities = "0.2,0.5",
  variants = "tpe:0.5,tpe:0,random:0.5,random:0",
  scoring = "stories",
] = process.argv.slice(2);
/** Windows of the other kind of text, when it is scored on too. */
const OTHER_SCORING_WINDOWS = 60;
/** Points of the course at which the best plan so far is reported. */
const MARKS = [10, 30, 60, 100].filter((mark) => mark < Number(trials));

const texts = prepareTexts();
const wiki = { ...split("otherScoring", OTHER_SCORING_WINDOWS), weight: 1 };
const sources = scoring === "stories" ? [storiesScoring] : [storiesScoring, wiki];

const searched = variants.split(",").map(parseVariant);
/** Racing settles the order of the windows, for all variants alike. */
const racing = searched.some((variant) => variant.racing === true);

const open = (sparsity: number, report: string): Promise<SearchContext> =>
  openSearchContext({
    modelPath,
    spec: storiesJob([sparsity], { trials: Number(trials), racing }, sources),
    corpusPaths: {
      calibration: texts.calibration,
      scoring: sources.map((source) => (source === wiki ? texts.otherScoring : texts.scoring)),
      report,
    },
    dataDir: texts.profiles,
  });

const sum = (values: readonly number[]): number => values.reduce((total, x) => total + x, 0);

function parseVariant(text: string): Variant {
  const [sampler, refinement, race] = text.split(":");
  return { sampler: sampler === "random" ? "random" : "tpe", refinement: Number(refinement), racing: race === "race" };
}

/** The course's best plans at the marks and at the end, as winners to be reported. */
function winnersOf(steps: readonly Step[], sparsity: number): Winner[] {
  return [...MARKS, steps.length].map((mark) => {
    const number = bestOf(steps, mark);
    return { sparsity, trialNumber: number, params: steps[number].params };
  });
}

for (const sparsity of sparsities.split(",").map(Number)) {
  const context = await open(sparsity, texts.report);
  const other = await open(sparsity, texts.otherReport);
  const baselines = await context.baselines();
  const start = Math.min(...baselines.given.map(({ score }) => score));
  const rivals = baselines.evaluated.filter(({ name }) => name.endsWith("+least_squares"));
  for (const seed of seeds.split(",").map(Number)) {
    for (const variant of searched) {
      const steps = await runSearch(context, baselines, { ...variant, trials: Number(trials), seed });
      const winners = winnersOf(steps, sparsity);
      const reports = await context.report(winners, rivals);
      const others = await other.report(winners.slice(-1), rivals);
      const best = steps[bestOf(steps, steps.length)];
      const final = reports.improvement[reports.improvement.length - 1];
      const gain = 1 - Math.exp(best.score - start);
      printResult({
        figure: "search",
        ...variant,
        scoring,
        seed,
        sparsity,
        trials: Number(trials),
        scoring_perplexity: Math.exp(best.score),
        report_perplexity: reports.best[reports.best.length - 1].report_perplexity ?? Number.NaN,
        baseline: final.baseline,
        gain_scoring: gain,
        gain_report: final.relative,
        interval: final.interval.map((x) => x),
        carried_over: final.relative / gain,
        other_kind: {
          baseline: others.improvement[0].baseline,
          gain: others.improvement[0].relative,
          interval: others.improvement[0].interval.map((x) => x),
        },
        marks: MARKS.map((mark, i) => ({
          trials: mark,
          seconds: sum(steps.slice(0, mark).map((step) => step.seconds)),
          gain_report: reports.improvement[i].relative,
        })),
        seconds: sum(steps.map((step) => step.seconds)),
        tokens_saved: 1 - sum(steps.map(({ share }) => share)) / steps.length,
        params: best.params,
        course: steps.map(({ score }) => Math.exp(score)),
      });
    }
  }
  await context.close();
  await other.close();
}
