/**
 * Search and pruning from a script: no service, no database, no queue. Prints the best plan that ten trials find.
 * Run after `npm ci`: npx tsx examples/library-use/search-without-a-service.ts
 */
import { fileURLToPath } from "node:url";
import { openSearchContext } from "@espalier/pruning";
import { defineSpace, streamRng, type Trial, tpeOptions, tpeSampler } from "@espalier/search";
import { spec } from "./job.js";

const file = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const corpus = file("corpora/tinystories-train.txt");
const context = await openSearchContext({
  modelPath: file("models/stories260K"),
  spec,
  corpusPaths: { calibration: corpus, scoring: [corpus], report: corpus },
  dataDir: file("../.espalier/statistics"),
});

const sampler = tpeSampler(tpeOptions());
const trials: Trial[] = [];
for (let number = 0; number < 10; number++) {
  const history = { directions: ["minimize"] as const, trials };
  const params =
    context.starts[number] ?? sampler.suggest(defineSpace(context.space), history, streamRng(spec.search.seed, number));
  const { score, results } = await context.score(params);
  process.stdout.write(`trial ${number}: perplexity ${results[0]?.scoring_perplexity?.toFixed(2)}\n`);
  if (score !== null) trials.push({ number, state: "complete", params, values: [score] });
}
const [best] = [...trials].sort((a, b) => (a.values?.[0] ?? 0) - (b.values?.[0] ?? 0));
const report = await context.report(
  [{ sparsity: 0.2, trialNumber: best?.number ?? 0, params: best?.params ?? {} }],
  [],
);
process.stdout.write(
  `dense: ${report.dense.report_perplexity}, best: ${report.best[0]?.report_perplexity} on unseen text\n`,
);
await context.close();
