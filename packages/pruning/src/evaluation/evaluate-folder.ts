import { basename } from "node:path";
import type {
  EvaluatedFolder,
  EvaluateProgress,
  EvaluateRequest,
  PerplexityRequest,
  PerplexityResult,
} from "@espalier/contracts";
import { loadTokenizer, type ModelFolder, openModel, readWeights, type Tokenizer, windowReader } from "@espalier/model";
import { streamRng } from "@espalier/search";
import type { Candidate } from "../scoring/candidate.js";
import { openForwardPool } from "../scoring/forward-pool.js";
import { openScorer } from "../scoring/scorer.js";
import { densePlan } from "../units/index.js";
import { perplexityInterval } from "./bootstrap.js";
import { openTaskEvaluator } from "./evaluate-tasks.js";
import { readTaskFile } from "./task-file.js";

/** How an evaluation of a folder is watched and stopped. */
export interface EvaluateFolderOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: EvaluateProgress) => void) | undefined;
}

/** A model folder as it runs here. */
interface LoadedFolder {
  readonly folder: ModelFolder;
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly tokenizer: Tokenizer;
  /** All units that the folder has. */
  readonly candidate: Candidate;
}

type Execution = Pick<EvaluateRequest, "threads" | "provider">;

/** Seed of the bootstrap: fixed, so that an interval can be repeated. */
const BOOTSTRAP_SEED = 0;

/** More windows than any text has. */
const ALL_WINDOWS = 1_000_000;

/**
 * Zero-shot tasks and perplexities of a model folder: a dense model, or an export whose layers may differ in width.
 * Throws AppError for a folder, tokenizer, task file or text that cannot be used.
 */
export async function evaluateFolder(
  path: string,
  request: EvaluateRequest,
  options: EvaluateFolderOptions = {},
): Promise<Omit<EvaluatedFolder, "latency">> {
  const loaded = await load(path);
  const model = loaded.folder.name;
  const perplexity: PerplexityResult[] = [];
  for (const text of request.perplexity) {
    const onProgress = (done: number, of: number) => options.onProgress?.({ stage: "perplexity", done, of });
    perplexity.push(await perplexityOf(loaded, text, request, { ...options, onProgress }));
  }
  const tasks = request.tasks.length === 0 ? [] : await tasksOf(loaded, request, options);
  return { model, parameters: loaded.folder.parameters, tasks, perplexity };
}

async function load(path: string): Promise<LoadedFolder> {
  const folder = await openModel(path);
  const { shape } = folder.config;
  const weights = await readWeights(folder);
  const tokenizer = await loadTokenizer(path, { vocabSize: shape.vocabSize });
  return { folder, weights, tokenizer, candidate: { plan: densePlan(shape) } };
}

async function tasksOf(
  { folder, weights, tokenizer, candidate }: LoadedFolder,
  { tasks, addBos, threads, provider }: EvaluateRequest,
  { signal, onProgress }: EvaluateFolderOptions,
): Promise<EvaluatedFolder["tasks"]> {
  const evaluator = openTaskEvaluator({
    shape: folder.config.shape,
    weights,
    biases: false,
    tokenizer,
    files: await Promise.all(tasks.map(readTaskFile)),
    bos: addBos,
    threads,
    provider,
  });
  try {
    return await evaluator.evaluate(candidate, {
      signal,
      onProgress: (done, of) => onProgress?.({ stage: "tasks", done, of }),
    });
  } finally {
    await evaluator.close();
  }
}

async function perplexityOf(
  { folder, weights, tokenizer, candidate }: LoadedFolder,
  { path, protocol, sequenceLength, windows: asked }: PerplexityRequest,
  { threads, provider }: Execution,
  step: { readonly signal?: AbortSignal | undefined; readonly onProgress: (done: number, of: number) => void },
): Promise<PerplexityResult> {
  const { shape } = folder.config;
  const reader = windowReader(tokenizer);
  const part = { corpusPath: path, sequenceLength, skipWindows: 0, protocol };
  const count = asked ?? Math.max(1, await reader.count(path, sequenceLength, ALL_WINDOWS, protocol));
  const windows = await reader.cut({ ...part, windows: count });
  const pool = openForwardPool({ shape, weights, threads, provider });
  try {
    const scorer = await openScorer(pool, [{ windows, weight: 1 }]);
    const { perplexity: value, windowLosses } = await scorer.score(candidate, step);
    const interval =
      value === null || count < 2
        ? null
        : perplexityInterval(windowLosses, scorer.windowTokens, streamRng(BOOTSTRAP_SEED, 0));
    return {
      file: basename(path),
      protocol,
      sequence_length: sequenceLength,
      windows: count,
      predicted_tokens: count * (sequenceLength - 1),
      value,
      interval,
    };
  } finally {
    await pool.close();
  }
}
