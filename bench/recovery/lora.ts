/**
 * Recovery on stories3M at 50 %: report perplexity of the plan of a stored search (100 trials, seed 0; compensated as it
 * was found), before and after, seconds of the recovery alone, steps. One JSON line per run.
 * npm run bench -- recovery/lora ['{"method": "lora", "rank": 16}' [THREADS]]
 */
import { readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { recoverWinners } from "@espalier/artefact";
import { recovery } from "@espalier/contracts";
import { openSearchContext } from "@espalier/pruning";
import type { Params } from "@espalier/search";
import { storiesJob } from "../quality/job-spec.js";
import { modelPath, prepareTexts } from "../quality/texts.js";
import { printResult } from "../result-line.js";

const SPARSITY = 0.5;
const RESULTS = new URL("../results/quality-search-stories3M.jsonl", import.meta.url);

interface Found {
  readonly sparsity: number;
  readonly trials: number;
  readonly seed: number;
  readonly params?: Params;
}

const [settings = '{"method": "lora"}', threads = "2"] = process.argv.slice(2);
const asked = recovery.parse(JSON.parse(settings));
const found = readFileSync(RESULTS, "utf8")
  .split("\n")
  .filter((line) => line.startsWith("{"))
  .map((line) => JSON.parse(line) as Found)
  .find(({ sparsity, params }) => sparsity === SPARSITY && params !== undefined);
if (found?.params === undefined) throw new Error("no stored search at 50 %");
const texts = prepareTexts();
const spec = { ...storiesJob([SPARSITY], { trials: found.trials }), recovery: asked };
const context = await openSearchContext({
  modelPath,
  spec,
  corpusPaths: { calibration: texts.calibration, scoring: [texts.scoring], report: texts.report },
  dataDir: texts.profiles,
  threads: Number(threads),
});
const times = { from: 0, to: 0 };
const [recovered] = await recoverWinners({
  context,
  spec,
  winners: [{ sparsity: SPARSITY, trialNumber: 0, params: found.params }],
  threads: Number(threads),
  onProgress: ({ done, of }) => {
    if (done === 0) times.from = performance.now();
    times.to = performance.now();
    process.stderr.write(`${done}/${of}\n`);
  },
});
const { method, relative, interval, training, ...after } = recovered.outcome;
printResult({
  figure: "recovery",
  sparsity: SPARSITY,
  before: (after.report_perplexity ?? Number.NaN) / (1 - relative),
  ...after,
  relative,
  interval,
  seconds: (times.to - times.from) / 1000,
  threads: Number(threads),
  load: loadavg()[0],
  training,
  settings: asked,
});
await context.close();
