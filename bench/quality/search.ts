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

const open = (sparsity: number, report: string, seed = 0): Promise<SearchContext> =>
  openSearchContext({
    modelPath,
    spec: storiesJob([sparsity], { trials: Number(trials), racing, seed }, sources),
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

/** Stopped trials that, scored whole, are better than the rival that they raced against. */
async function falseStops(context: SearchContext, steps: readonly Step[]): Promise<number> {
  let count = 0;
  for (const { params, lostTo } of steps) {
    if (lostTo === null) continue;
    const { score } = await context.score(params);
    if (score !== null && score < lostTo) count++;
  }
  return count;
}

/** What racing saved, by where trials come from, and what it stopped. */
async function raceOf(context: SearchContext, steps: readonly Step[]) {
  const saved = (some: readonly Step[]): number => 1 - sum(some.map(({ share }) => share)) / some.length;
  return {
    tokens_saved: saved(steps),
    saved_refinement: saved(steps.filter(({ origin }) => origin === "refinement")),
    stopped: steps.filter(({ lostTo }) => lostTo !== null).length,
    false_stops: await falseStops(context, steps),
  };
}

for (const sparsity of sparsities.split(",").map(Number)) {
  const other = await open(sparsity, texts.otherReport);
  // The order of the windows, which the seed decides in a race, changes what baselines score by rounding only.
  const baselines = await other.baselines();
  const start = Math.min(...baselines.given.map(({ score }) => score));
  const rivals = baselines.evaluated.filter(({ name }) => name.endsWith("+least_squares"));
  for (const seed of seeds.split(",").map(Number)) {
    const context = await open(sparsity, texts.report, seed);
    for (const variant of searched) {
      const steps = await runSearch(context, baselines, { ...variant, trials: Number(trials), seed });
      const winners = winnersOf(steps, sparsity);
      const reports = await context.report(winners, rivals);
      const others = await other.report(winners.slice(-1), rivals);
      const best = steps[bestOf(steps, steps.length)];
      const final = reports.improvement[reports.improvement.length - 1];
      const gain = 1 - Math.exp(best.score - start);
      const secondsUntil = (mark: number): number => sum(steps.slice(0, mark).map((step) => step.seconds));
      printResult({
        figure: "search",
        ...variant,
        scoring,
        seed,
        sparsity,
        trials: Number(trials),
        scoring_perplexity: Math.exp(best.score),
        report_perplexity: reports.best[reports.best.length - 1].report_perplexity,
        baseline: final.baseline,
        gain_scoring: gain,
        gain_report: final.relative,
        interval: final.interval,
        carried_over: final.relative / gain,
        other_kind: {
          baseline: others.improvement[0].baseline,
          gain: others.improvement[0].relative,
          interval: others.improvement[0].interval,
        },
        marks: MARKS.map((mark, i) => ({
          trials: mark,
          seconds: secondsUntil(mark),
          gain_report: reports.improvement[i].relative,
        })),
        seconds: secondsUntil(steps.length),
        race: variant.racing === true ? await raceOf(context, steps) : null,
        params: best.params,
        course: steps.map(({ score }) => Math.exp(score)),
      });
    }
    await context.close();
  }
  await other.close();
}
