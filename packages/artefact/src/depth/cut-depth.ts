import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type DepthMethodName, type DepthOutcome, type DepthResult, depthMethodNames } from "@espalier/contracts";
import { loadTokenizer, openModel, readWeights, windowReader } from "@espalier/model";
import {
  type DepthCut,
  depthMethods,
  openForwardPool,
  openScorer,
  planShape,
  totalParameters,
  withoutBlocks,
} from "@espalier/pruning";
import { jsonText } from "../documents/json-text.js";
import { writeChecksums } from "../durable/checksums.js";
import { openStagingFolder } from "../durable/staging-folder.js";
import { profileRegistry } from "../profiles/registry.js";
import { sliceModel } from "../slice/slice-model.js";
import { verifyFolder } from "../verify/verify-folder.js";
import { type CutDepthOptions, type DepthTexts, depthInput, type OpenedModel, readTexts } from "./depth-input.js";

/**
 * Removes whole blocks from a model by every depth method, measures each on a text that none of them saw, and writes the
 * model of one as a plain folder of fewer layers. Throws AppError for a model or text that cannot be read,
 * VALIDATION_FAILED where no block would stay, EXPORT_VERIFICATION_FAILED.
 */
export async function cutDepth(options: CutDepthOptions): Promise<DepthOutcome> {
  const folder = await openModel(options.modelPath, { linkRoots: [dirname(options.modelPath)] });
  const model: OpenedModel = { folder, weights: await readWeights(folder) };
  const texts = await readTexts(options, windowReader(await loadTokenizer(options.modelPath)));
  const results: DepthResult[] = [await measureDense(model, texts, options)];
  let written: Measured | undefined;
  for (const method of [...depthMethodNames].reverse()) {
    const measured = await measure(method, model, texts, options);
    results.push(measured.result);
    if (method === options.method) written = measured;
  }
  if (written === undefined) throw new RangeError(`no depth method '${options.method}'`);
  options.onProgress?.({ stage: "export", done: 0, of: 1 });
  await write(model, texts, written, { results, written: options.method }, options);
  options.onProgress?.({ stage: "export", done: 1, of: 1 });
  return { results, written: options.method };
}

interface Measured {
  readonly cut: DepthCut;
  readonly result: DepthResult;
  /** NLL sum of each report window. */
  readonly losses: Float64Array;
}

async function measure(
  method: DepthMethodName,
  model: OpenedModel,
  texts: DepthTexts,
  options: CutDepthOptions,
): Promise<Measured> {
  const from = options.now();
  const onProgress = (done: number, of: number): void => options.onProgress?.({ stage: method, done, of });
  onProgress(0, 1);
  const cut = await depthMethods[method].cut({ ...depthInput(model, texts, options), onProgress });
  const { perplexity, windowLosses } = await reportLosses(model, texts, cut, options);
  const { shape } = model.folder.config;
  const result: DepthResult = {
    method,
    dropped: cut.dropped,
    scores: cut.scores,
    parameters: totalParameters(planShape(shape, withoutBlocks(shape, cut.dropped))),
    report_perplexity: perplexity,
    seconds: (options.now() - from) / 1000,
  };
  return { cut, result, losses: windowLosses };
}

async function measureDense(model: OpenedModel, texts: DepthTexts, options: CutDepthOptions): Promise<DepthResult> {
  const from = options.now();
  const { perplexity } = await reportLosses(model, texts, { dropped: [], weights: new Map() }, options);
  return {
    method: "dense",
    dropped: [],
    scores: null,
    parameters: totalParameters(model.folder.config.shape),
    report_perplexity: perplexity,
    seconds: (options.now() - from) / 1000,
  };
}

async function reportLosses(
  { folder, weights }: OpenedModel,
  { report }: DepthTexts,
  cut: Pick<DepthCut, "dropped" | "weights">,
  { provider, threads, signal }: CutDepthOptions,
) {
  const { shape } = folder.config;
  const pool = openForwardPool({ shape, weights, provider, threads, widths: "masked" });
  try {
    const scorer = await openScorer(pool, [{ windows: report, weight: 1 }]);
    return await scorer.score({ plan: withoutBlocks(shape, cut.dropped), weights: cut.weights }, { signal });
  } finally {
    await pool.close();
  }
}

/** The same model and texts give the same bytes: how long it took is no part of them. */
const withoutTimes = ({ results, written }: DepthOutcome) => ({
  written,
  results: results.map(({ seconds: _, ...result }) => result),
});

/** A plain folder of fewer layers, read back and measured, with `depth.json` beside the weights. */
async function write(
  { folder: source, weights }: OpenedModel,
  { report }: DepthTexts,
  { cut, losses }: Measured,
  outcome: DepthOutcome,
  { target, method, seed, training, provider, threads, signal }: CutDepthOptions,
): Promise<void> {
  const plan = withoutBlocks(source.config.shape, cut.dropped);
  const compensated = { weights: cut.weights, biases: new Map<string, Float32Array>(), method: "none" as const };
  const sliced = sliceModel({ config: source.config, weights, plan, compensated });
  const staging = await openStagingFolder(target, 0);
  try {
    await mkdir(staging.path, { recursive: true });
    await profileRegistry.uniform.write(staging.path, { source, sliced, linkRoots: [dirname(source.path)] });
    const running = { provider, threads, ...(signal === undefined ? {} : { signal }) };
    const label = `The model of method '${method}'`;
    const profile = "uniform";
    await verifyFolder({ ...running, label, folder: staging.path, profile, sliced, windows: report, masked: losses });
    await writeFile(join(staging.path, "depth.json"), jsonText({ ...withoutTimes(outcome), training, seed }));
    await writeChecksums(staging.path, []);
    await staging.publish();
  } catch (error) {
    await staging.discard();
    throw error;
  }
}
