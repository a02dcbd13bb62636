import type { DecoderShape, TaskResult } from "@espalier/contracts";
import type { ExecutionProvider } from "@espalier/graph";
import type { Tokenizer } from "@espalier/model";
import type { Candidate } from "../scoring/candidate.js";
import { openForwardPool } from "../scoring/forward-pool.js";
import { type EncodedChoice, encodeChoice } from "./encode-choice.js";
import { type ChoiceScore, runChoices } from "./run-choices.js";
import type { ScoreCache } from "./score-cache.js";
import type { TaskFile } from "./task-file.js";
import { taskMetrics } from "./task-metrics.js";
import { evaluationTasks } from "./tasks/registry.js";

/** Changes whenever the same model and file could give another number. */
export const EVALUATION_PROTOCOL = "lm-eval-harness 0.4, zero-shot, r1";

export interface TaskEvaluatorOptions {
  readonly shape: DecoderShape;
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** Candidates may carry biases. */
  readonly biases: boolean;
  readonly tokenizer: Tokenizer;
  readonly files: readonly TaskFile[];
  /** BOS before every prompt (`add_bos_token` of the harness, whose default is false). */
  readonly bos?: boolean | undefined;
  readonly memoryBytes?: number | undefined;
  readonly halfBatch?: boolean | undefined;
  readonly provider?: ExecutionProvider | undefined;
  readonly threads?: number | undefined;
}

export interface EvaluateTasksOptions {
  readonly signal?: AbortSignal | undefined;
  /** Continuations scored so far, over all files. */
  readonly onProgress?: ((done: number, of: number) => void) | undefined;
  /** Scores of this model are looked for and kept under the key that a file gets here. */
  readonly cache?: { readonly store: ScoreCache; keyOf(file: TaskFile): string } | undefined;
}

/** Candidates of one model on a set of task files, in sessions that stay open. */
export interface TaskEvaluator {
  /** Continuations of all files: what `onProgress` counts to. */
  readonly choices: number;
  /** One result per file, in their order. */
  evaluate(candidate: Candidate, options?: EvaluateTasksOptions): Promise<TaskResult[]>;
  close(): Promise<void>;
}

interface EncodedFile {
  readonly file: TaskFile;
  readonly choices: readonly EncodedChoice[];
}

/** Tokenises all questions; no session is opened before the first candidate. */
export function openTaskEvaluator(options: TaskEvaluatorOptions): TaskEvaluator {
  const { shape, tokenizer, bos = false } = options;
  const encoding = { tokenizer, bos, maxPositions: shape.maxPositions };
  const files = options.files.map((file): EncodedFile => {
    return { file, choices: file.items.flatMap(({ choices }) => choices.map((one) => encodeChoice(one, encoding))) };
  });
  // The last token of a row is only predicted, so one token more than there are positions can run.
  const pool = openForwardPool({ ...options, shape: { ...shape, maxPositions: shape.maxPositions + 1 }, ranked: true });
  const all = files.reduce((sum, { choices }) => sum + choices.length, 0);
  return {
    choices: all,
    async evaluate(candidate, { signal, onProgress, cache } = {}) {
      const results: TaskResult[] = [];
      let before = 0;
      for (const { file, choices } of files) {
        const key = cache?.keyOf(file) ?? "";
        const known = await cache?.store.get(key);
        const run = () =>
          runChoices(pool, candidate, choices, { signal, onProgress: (done) => onProgress?.(before + done, all) });
        const scores = known?.length === file.items.length ? known : byItem(file, await run());
        if (scores !== known && scores.every(allFinite)) await cache?.store.put(key, scores);
        before += choices.length;
        onProgress?.(before, all);
        results.push(resultOf(file, scores));
      }
      return results;
    },
    close: () => pool.close(),
  };
}

const allFinite = (item: readonly ChoiceScore[]): boolean =>
  item.every(({ logLikelihood }) => Number.isFinite(logLikelihood));

function byItem({ items }: TaskFile, scores: readonly ChoiceScore[]): ChoiceScore[][] {
  let from = 0;
  return items.map(({ choices }) => {
    const own = scores.slice(from, from + choices.length);
    from += choices.length;
    return own;
  });
}

function resultOf({ task, file, items }: TaskFile, scores: readonly (readonly ChoiceScore[])[]): TaskResult {
  return {
    task,
    file,
    items: items.length,
    protocol: EVALUATION_PROTOCOL,
    metrics: taskMetrics(evaluationTasks[task], items, scores),
  };
}
