/**
 * What equal layers cost and save where their number of query heads divides the hidden size, as transformers 5 wants of a
 * plain Llama folder: a search of stories260K (8 heads in 4 groups, hidden size 64) per count of KV groups and sparsity.
 * Prints one JSON line per search: perplexities, parameters of the plan, and of the folder with the zero heads that fill up.
 * npm run bench -- quality/dividing-heads
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { JobSpec } from "@espalier/contracts";
import { openSearchContext, planShape, totalParameters } from "@espalier/pruning";
import { printResult } from "../result-line.js";
import { storiesJob } from "./job-spec.js";
import { bestOf, runSearch } from "./run-search.js";

const TRIALS = 30;
const example = (path: string): string => fileURLToPath(new URL(`../../examples/${path}`, import.meta.url));
const [train, valid] = [example("corpora/tinystories-train.txt"), example("corpora/tinystories-valid.txt")];
const window = (corpus: string, windows: number, skip_windows: number) => ({
  corpus,
  windows,
  sequence_length: 128,
  skip_windows,
});

function job(sparsity: number, groups: number): JobSpec {
  const space = { attention_factor: Math.log(groups / (4 * (1 - sparsity))), dividing_heads: false };
  return {
    ...storiesJob([sparsity], { trials: TRIALS, space }),
    model: { path: "stories260K" },
    calibration: window("train", 64, 0),
    scoring: [{ ...window("train", 96, 64), weight: 1 }],
    report: window("valid", 64, 0),
    target: { sparsity: [sparsity], layout: "uniform", round_to: 1 },
  };
}

const dataDir = await mkdtemp(join(tmpdir(), "espalier-heads-"));
/** Three groups are six heads, which do not divide 64; where they are nearest to the target, also the others at their written size. */
const searches = [
  ...[0.2, 0.3, 0.5].map((sparsity) => ({ sparsity, counts: [1, 2, 3, 4] })),
  ...[0.1356, 0.233].map((sparsity) => ({ sparsity, counts: [2, 4] })),
];
for (const { sparsity, counts } of searches) {
  for (const groups of counts) {
    const context = await openSearchContext({
      modelPath: example("models/stories260K"),
      spec: job(sparsity, groups),
      corpusPaths: { calibration: train, scoring: [train], report: valid },
      dataDir,
    });
    const { shape, starts } = context;
    const none = { evaluated: [], starts, given: [] };
    const settings = { sampler: "tpe", refinement: 0.5, trials: TRIALS, seed: 0 } as const;
    const steps = await runSearch(context, none, settings);
    const best = steps[bestOf(steps, TRIALS)];
    const plan = await context.plan(best.params, sparsity);
    const { best: reported } = await context.report([{ sparsity, trialNumber: 0, params: best.params }], []);
    const kept = planShape(shape, plan);
    const [layer] = kept.layers;
    let heads = layer.heads;
    while (shape.hiddenSize % heads !== 0) heads += layer.heads / layer.kvHeads;
    const kvHeads = (heads * layer.kvHeads) / layer.heads;
    const filled = { ...kept, layers: kept.layers.map((width) => ({ ...width, heads, kvHeads })) };
    printResult({
      figure: "perplexity",
      model: "stories260K",
      sparsity,
      asked_groups: groups,
      kv_groups: layer.kvHeads,
      channels: layer.intermediateSize,
      scoring: best.perplexities.get(sparsity),
      report: reported[0]?.report_perplexity,
      parameters: totalParameters(kept),
      written_parameters: totalParameters(filled),
    });
    await context.close();
  }
}
await rm(dataDir, { recursive: true });
