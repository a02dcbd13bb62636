/**
 * Single-metric pruning of stories3M without a search: the table "Baselines in every job" of the algorithms' document.
 * Prints one JSON line per figure: report perplexity by metric, allocation, sparsity and compensation.
 * npm run bench -- quality/baselines
 */
import { baselinePlan, compensatePlan, densePlan, planSparsity } from "@espalier/pruning";
import { printResult } from "../result-line.js";
import { openStories } from "./open-stories.js";

const { materials, scorer, close } = await openStories();
const { shape } = materials;
const dense = await scorer.score({ plan: densePlan(shape) });
printResult({ figure: "report_perplexity", name: "dense", value: dense.perplexity });

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
        printResult({ ...place, value: perplexity });
      }
    }
  }
}
await close();
