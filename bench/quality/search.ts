/**
 * The search against the best single-metric baseline with the same compensation, on stories3M: gains by trials and
 * seconds, on report text of the scoring text's kind and of another kind, and what the choice of scoring texts does.
 * Prints one JSON line per sparsity, seed and variant (sampler:share of trials that refine).
 * npm run bench -- quality/search [TRIALS] [SEEDS] [SPARSITIES] [VARIANTS] [stories | stories+wiki]
 */
import { openSearchContext, type SearchContext, type Winner } from "@espalier/pruning";
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

const open = (sparsity: number, report: string): Promise<SearchContext> =>
  openSearchContext({
    modelPath,
    spec: storiesJob([sparsity], { trials: Number(trials) }, sources),
    corpusPaths: {
      calibration: texts.calibration,
      scoring: sources.map((source) => (source === wiki ? texts.otherScoring : texts.scoring)),
      report,
    },
    dataDir: texts.profiles,
  });

const rounded = (x: number, digits: number): number => Number(x.toFixed(digits));
const sum = (values: readonly number[]): number => values.reduce((total, x) => total + x, 0);

function parseVariant(text: string): Variant {
  const [sampler, refinement] = text.split(":");
  return { sampler: sampler === "random" ? "random" : "tpe", refinement: Number(refinement) };
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
    for (const variant of variants.split(",").map(parseVariant)) {
      const steps = await runSearch(context, baselines, { ...variant, trials: Number(trials), seed });
      const winners = winnersOf(steps, sparsity);
      const reports = await context.report(winners, rivals);
      const others = await other.report(winners.slice(-1), rivals);
      const best = steps[bestOf(steps, steps.length)];
      const final = reports.improvement[reports.improvement.length - 1];
      const gain = 1 - Math.exp(best.score - start);
      console.log(
        JSON.stringify({
          figure: "search",
          ...variant,
          scoring,
          seed,
          sparsity,
          trials: Number(trials),
          scoring_perplexity: rounded(Math.exp(best.score), 4),
          report_perplexity: rounded(reports.best[reports.best.length - 1].report_perplexity ?? Number.NaN, 4),
          baseline: final.baseline,
          gain_scoring: rounded(gain, 4),
          gain_report: rounded(final.relative, 4),
          interval: final.interval.map((x) => rounded(x, 4)),
          carried_over: rounded(final.relative / gain, 3),
          other_kind: {
            baseline: others.improvement[0].baseline,
            gain: rounded(others.improvement[0].relative, 4),
            interval: others.improvement[0].interval.map((x) => rounded(x, 4)),
          },
          marks: MARKS.map((mark, i) => ({
            trials: mark,
            seconds: rounded(sum(steps.slice(0, mark).map((step) => step.seconds)), 1),
            gain_report: rounded(reports.improvement[i].relative, 4),
          })),
          seconds: rounded(sum(steps.map((step) => step.seconds)), 1),
          exchange: best.params["exchange"] ?? null,
          course: steps.map(({ score }) => rounded(Math.exp(score), 2)),
        }),
      );
    }
  }
  await context.close();
  await other.close();
}
