/**
 * Single-metric pruning of stories3M without a search: the table "Baselines in every job" of the algorithms' document.
 * Prints one JSON line per figure: report perplexity by metric, allocation, sparsity and compensation.
 * npm run bench -- quality/baselines
 */
import { loadTokenizer, modelHash, openModel, readWeights, tokenizerHash, windowReader } from "@espalier/model";
import {
  baselinePlan,
  compensatePlan,
  densePlan,
  openForwardPool,
  openScorer,
  planSparsity,
  prepareMaterials,
  profileModel,
} from "@espalier/pruning";
import { CALIBRATION_WINDOWS, modelPath, prepareTexts, REPORT_WINDOWS, WINDOW_TOKENS } from "./texts.js";

const texts = prepareTexts();
const folder = await openModel(modelPath);
const { shape } = folder.config;
const weights = await readWeights(folder);
const reader = windowReader(await loadTokenizer(modelPath));
const cut = (corpusPath: string, windows: number) =>
  reader.cut({ corpusPath, windows, sequenceLength: WINDOW_TOKENS, skipWindows: 0 });

const started = performance.now();
const profile = await profileModel({
  model: { shape, weights, modelHash: await modelHash(folder), tokenizerHash: await tokenizerHash(modelPath) },
  windows: await cut(texts.calibration, CALIBRATION_WINDOWS),
  dataDir: texts.profiles,
});
console.log(JSON.stringify({ figure: "profile_seconds", value: (performance.now() - started) / 1000 }));

const materials = await prepareMaterials({ profile, weights, seed: 0 });
const pool = openForwardPool({ shape, weights });
const scorer = await openScorer(pool, [{ windows: await cut(texts.report, REPORT_WINDOWS), weight: 1 }]);
const dense = await scorer.score({ plan: densePlan(shape) });
console.log(JSON.stringify({ figure: "report_perplexity", name: "dense", value: dense.perplexity }));

const metrics = [
  "random",
  "magnitude_l1",
  "magnitude_l2",
  "taylor_vector",
  "taylor_first",
  "taylor_second",
  "wanda_sp",
  "flap_wifv",
  "obs",
  "obs_fisher",
] as const;

for (const sparsity of [0.2, 0.5]) {
  for (const name of metrics) {
    for (const allocation of ["global", "uniform"] as const) {
      const plan = await baselinePlan(materials, name, allocation, sparsity, 1);
      for (const compensation of ["none", "least_squares"] as const) {
        const { weights: changed } = compensatePlan(materials, plan, { compensation, lambda: 1e-3 });
        const { perplexity } = await scorer.score({ plan, weights: changed });
        const achieved = planSparsity(shape, plan);
        const place = { figure: "report_perplexity", name, allocation, compensation, sparsity, achieved };
        console.log(JSON.stringify({ ...place, value: perplexity }));
      }
    }
  }
}
await pool.close();
