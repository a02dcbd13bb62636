/**
 * What starting from another job saves: a search, cold and started from the results of another search as the service does
 * it. Counts trials and seconds of this process's CPU until the final score of the cold search is reached; the warm
 * search ends there, or runs on with `whole`. Prints one JSON line per seed and case.
 * npm run bench -- quality/warm-start [TRIALS] [SEEDS] [CASES] [stories3M | stories260K] [whole]
 */
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { EvaluatedModel, JobSpec } from "@espalier/contracts";
import { type EarlierSearch, warmStarted } from "@espalier/pipeline";
import { openSearchContext, type SearchContext } from "@espalier/pruning";
import { isRefined } from "@espalier/search";
import { printResult } from "../result-line.js";
import { split, storiesJob, storiesScoring } from "./job-spec.js";
import { bestOf, runSearch, type Step } from "./run-search.js";
import { modelPath, prepareTexts } from "./texts.js";

const [trialCount = "40", seeds = "0,1,2", wanted = "20-30,50-35,text,model", name = "stories3M", mode = ""] =
  process.argv.slice(2);
const trials = Number(trialCount);

interface Job {
  readonly model: string;
  readonly sparsity: number;
  readonly scoring: "stories" | "stories+wiki";
}

const job = (changes: Partial<Job>): Job => ({ model: name, sparsity: 0.2, scoring: "stories", ...changes });
/** The job that a search starts from, and the job that starts. */
const cases: Readonly<Record<string, readonly [from: Job, to: Job]>> = {
  "20-30": [job({}), job({ sparsity: 0.3 })],
  "50-35": [job({ sparsity: 0.5 }), job({ sparsity: 0.35 })],
  text: [job({}), job({ scoring: "stories+wiki" })],
  model: [job({ model: name === "stories3M" ? "stories260K" : "aidreams260K" }), job({})],
};

const texts = prepareTexts();
/** Statistics and effects of this bench alone: what other benches have measured would be time saved by chance. */
const dataDir = join(texts.profiles, `warm-start-${process.pid}`);
const wiki = { ...split("otherScoring", 60), weight: 1 };

interface Opened {
  readonly spec: JobSpec;
  readonly context: SearchContext;
  readonly baselines: Awaited<ReturnType<SearchContext["baselines"]>>;
  readonly dense: EvaluatedModel;
  /** Where effects of its model's candidates are kept. */
  readonly effects: string;
}

/** A finished search with the CPU seconds of its trials. */
interface Searched {
  readonly steps: readonly Step[];
  readonly seconds: readonly number[];
}

async function openJob({ model, sparsity, scoring }: Job): Promise<Opened> {
  const sources = scoring === "stories" ? [storiesScoring] : [storiesScoring, wiki];
  const spec = { ...storiesJob([sparsity], { trials }, sources), model: { path: model } };
  const context = await openSearchContext({
    modelPath: join(dirname(modelPath), model),
    spec,
    corpusPaths: {
      calibration: texts.calibration,
      scoring: sources.map((source) => (source === wiki ? texts.otherScoring : texts.scoring)),
      report: texts.report,
    },
    dataDir,
  });
  const effects = join(dataDir, context.profileKey, "effects");
  return { spec, context, baselines: await context.baselines(), dense: await context.dense(), effects };
}

/** Runs a search that finds the effects of `kept` measured already, and keeps those that it ends with in `keep`. */
async function search(
  { context, baselines, effects }: Opened,
  seed: number,
  {
    kept,
    keep,
    ...changes
  }: Partial<{ starts: Opened["baselines"]["starts"]; until: number; kept: string; keep: string }>,
): Promise<Searched> {
  rmSync(effects, { recursive: true, force: true });
  if (kept !== undefined) cpSync(kept, effects, { recursive: true });
  const seconds: number[] = [];
  const timed: SearchContext = {
    ...context,
    async score(params, step) {
      const before = process.cpuUsage();
      const outcome = await context.score(params, step);
      const { user, system } = process.cpuUsage(before);
      seconds.push((user + system) / 1e6);
      return outcome;
    },
  };
  const { starts = baselines.starts, until } = changes;
  const settings = {
    sampler: "tpe",
    refinement: 0.5,
    trials,
    seed,
    ...(until === undefined ? {} : { until }),
  } as const;
  const steps = await runSearch(timed, { ...baselines, starts }, settings);
  mkdirSync(effects, { recursive: true });
  if (keep !== undefined) cpSync(effects, keep, { recursive: true });
  return { steps, seconds };
}

/** What the service would read of the finished job. */
function earlierSearch({ spec, dense }: Opened, steps: readonly Step[]): EarlierSearch {
  const ranked = steps.filter(({ score }) => Number.isFinite(score)).sort((a, b) => a.score - b.score);
  const results = ranked.filter(({ params }) => !isRefined(params));
  return { state: "succeeded", spec, dense, results, refined: ranked.find(({ params }) => isRefined(params)) ?? null };
}

/** The plan with which the new job begins. */
function warmPlan({ spec, context, baselines, dense }: Opened, earlier: EarlierSearch) {
  const plan = { space: context.space, starts: baselines.starts, given: baselines.given };
  return warmStarted(
    {
      plan,
      neutral: context.neutral,
      dense,
      baselines: [],
      profileSeconds: 0,
      statisticsKey: context.profileKey,
      calibration: null,
    },
    spec,
    earlier,
  );
}

/** Trials and CPU seconds until a score is reached; null when it never is. */
function until({ steps, seconds }: Searched, score: number) {
  const at = steps.findIndex((step) => step.score <= score);
  return at < 0 ? null : { trials: at + 1, seconds: seconds.slice(0, at + 1).reduce((sum, x) => sum + x, 0) };
}

/** Perplexities in order, to four digits. */
const course = ({ steps }: Searched) => steps.map(({ score }) => Number(Math.exp(score).toPrecision(4)));

const jobs = new Map<string, Promise<Opened>>();
const searches = new Map<string, Promise<Searched>>();
const opened = (which: Job): Promise<Opened> => remember(jobs, JSON.stringify(which), () => openJob(which));
const effectsOf = (which: Job, seed: number): string => join(dataDir, JSON.stringify([which, seed]));
const coldSearch = (which: Job, seed: number): Promise<Searched> =>
  remember(searches, JSON.stringify([which, seed]), async () =>
    search(await opened(which), seed, { keep: effectsOf(which, seed) }),
  );

function remember<T>(found: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const value = found.get(key) ?? make();
  found.set(key, value);
  return value;
}

for (const seed of seeds.split(",").map(Number)) {
  for (const [from, to] of wanted.split(",").flatMap((key) => (cases[key] === undefined ? [] : [cases[key]]))) {
    const source = await coldSearch(from, seed);
    const earlier = earlierSearch(await opened(from), source.steps);
    const target = await opened(to);
    const cold = await coldSearch(to, seed);
    const final = cold.steps[bestOf(cold.steps, cold.steps.length)].score;
    const warm = await search(target, seed, {
      starts: warmPlan(target, earlier).starts,
      ...(mode === "whole" ? {} : { until: final }),
      ...(from.model === to.model ? { kept: effectsOf(from, seed) } : {}),
    });
    printResult({
      figure: "warm_start",
      from,
      to,
      seed,
      trials,
      replayed: earlier.refined?.params["exchange"] ?? null,
      cold: Math.exp(final),
      warm: Math.exp(warm.steps[bestOf(warm.steps, warm.steps.length)].score),
      cold_reached: until(cold, final),
      warm_reached: until(warm, final),
      cold_course: course(cold),
      warm_course: course(warm),
    });
  }
}
for (const { context } of await Promise.all(jobs.values())) await context.close();
rmSync(dataDir, { recursive: true, force: true });
