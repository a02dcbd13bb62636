/**
 * What cluster weights give where calibration is mostly stories with some encyclopaedia (7 to 1) and scoring is not:
 * the default search, one that also tilts the weights by difficulty, and one that searches a weight for each cluster.
 * Prints one JSON line per variant; `wiki_report` and `story_report` are of the best plan at half of the trials and at
 * the end. npm run bench -- quality/cluster-weights [wiki | both] [SPARSITY] [TRIALS] [SEED] [VARIANTS]
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JobSpec } from "@espalier/contracts";
import { openSearchContext, type SearchContext } from "@espalier/pruning";
import { printResult } from "../result-line.js";
import { split, storiesJob, storiesScoring } from "./job-spec.js";
import { bestOf, runSearch } from "./run-search.js";
import { modelPath, prepareTexts } from "./texts.js";

const [kind = "wiki", sparsity = "0.2", trials = "40", seed = "0", variants = "closed,temperature,clusters"] =
  process.argv.slice(2);

const STORY_CHARACTERS = 120_000;
const WIKI_CHARACTERS = 16_000;
const SCORING_WINDOWS = 64;

const weights = Array.from({ length: 8 }, (_, c) => [`cluster.${c}`, { low: 0, high: 1 }]);
const spaces: Readonly<Record<string, JobSpec["search"]["space"]>> = {
  closed: {},
  temperature: { "cluster.temperature": { low: -1, high: 2 } },
  clusters: Object.fromEntries(weights),
};

const texts = prepareTexts();
const folder = join(texts.profiles, "../mixed");
mkdirSync(folder, { recursive: true });
const calibration = join(folder, "calibration.txt");
const stories = readFileSync(texts.calibration, "utf8").slice(0, STORY_CHARACTERS);
const encyclopaedia = readFileSync(texts.otherCalibration, "utf8").slice(0, WIKI_CHARACTERS);
writeFileSync(calibration, `${stories}\n\n${encyclopaedia}`);

const wiki = { ...split("otherScoring", SCORING_WINDOWS), weight: 1 };
const sources = kind === "both" ? [{ ...storiesScoring, windows: SCORING_WINDOWS }, wiki] : [wiki];

const open = (space: JobSpec["search"]["space"], report: string): Promise<SearchContext> =>
  openSearchContext({
    modelPath,
    spec: storiesJob([Number(sparsity)], { trials: Number(trials), space }, sources),
    corpusPaths: {
      calibration,
      scoring: sources.map((source) => (source === wiki ? texts.otherScoring : texts.scoring)),
      report,
    },
    dataDir: texts.profiles,
  });

for (const variant of variants.split(",")) {
  const context = await open(spaces[variant] ?? {}, texts.otherReport);
  const other = await open(spaces[variant] ?? {}, texts.report);
  const [start] = context.starts;
  const { score: startScore } = await context.score(start);
  const given = startScore === null ? [] : [{ params: start, score: startScore }];
  const steps = await runSearch(
    context,
    { evaluated: [], starts: context.starts, given },
    { sampler: "tpe", refinement: 0.5, trials: Number(trials), seed: Number(seed) },
  );
  const best = bestOf(steps, steps.length);
  const winners = [bestOf(steps, steps.length / 2), best].map((number) => ({
    sparsity: Number(sparsity),
    trialNumber: number,
    params: steps[number].params,
  }));
  const reported = async (on: SearchContext) => (await on.report(winners, [])).best.map((b) => b.report_perplexity);
  printResult({
    figure: "cluster_weights",
    scoring: kind,
    sparsity: Number(sparsity),
    trials: Number(trials),
    seed: Number(seed),
    variant,
    start: Math.exp(startScore ?? Number.NaN),
    scoring_perplexity: Math.exp(steps[best].score),
    wiki_report: await reported(context),
    story_report: await reported(other),
    params: steps[best].params,
  });
  await context.close();
  await other.close();
}
