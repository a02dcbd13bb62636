// One profile in a process of its own: the process prints its peak memory. Run by rss.ts.
import { lazyWeights, openModel } from "@espalier/model";
import { memoryNeed, profileModel, streamedNeed } from "@espalier/pruning";

const [modelPath = "", dataDir = "", mode, samples, tokens] = process.argv.slice(2);
if (mode !== "whole" && mode !== "streamed") throw new RangeError(`'${mode}' is no way to compute a profile`);
const model = await openModel(modelPath);
const { shape } = model.config;
const windows = Array.from({ length: Number(samples) }, (_, w) =>
  Int32Array.from({ length: Number(tokens) }, (_, t) => (7919 * (w + 1) + 104_729 * t) % shape.vocabSize),
);
const counted = { shape, sequenceLength: Number(tokens), weightGradients: true };
const before = process.resourceUsage().maxRSS * 1024;
const start = performance.now();
await profileModel({
  model: { shape, weights: lazyWeights(model), modelHash: "random", tokenizerHash: "none" },
  windows,
  dataDir,
  clusters: 1,
  mode,
  // The least that it can do with: one row a run.
  memoryBytes: mode === "whole" ? memoryNeed(counted) : streamedNeed(counted),
});
const seconds = (performance.now() - start) / 1000;
// Linux and macOS count in kilobytes here, as Node says.
console.log(
  JSON.stringify({ start_rss_bytes: before, peak_rss_bytes: process.resourceUsage().maxRSS * 1024, seconds }),
);
