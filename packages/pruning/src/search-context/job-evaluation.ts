import { join } from "node:path";
import type { DecoderShape, JobSpec, TaskResult } from "@espalier/contracts";
import { loadTokenizer } from "@espalier/model";
import { EVALUATION_PROTOCOL, openTaskEvaluator, type TaskEvaluatorOptions } from "../evaluation/evaluate-tasks.js";
import { openScoreCache, scoreKey } from "../evaluation/score-cache.js";
import { readTaskFile, type TaskFile } from "../evaluation/task-file.js";
import type { RecoverableModel } from "../recovery/index.js";
import type { Candidate } from "../scoring/candidate.js";
import { densePlan } from "../units/index.js";
import type { StepOptions } from "./context.js";
import type { JobContext } from "./job-context.js";

/** The zero-shot tasks of a job, for as many models as the report has. */
export interface JobEvaluation {
  /** Steps that one model takes. */
  readonly steps: number;
  /** The dense model, from scores kept by earlier jobs where there are any. */
  dense(options: EvaluationOptions): Promise<TaskResult[]>;
  of(candidate: Candidate, options: EvaluationOptions): Promise<TaskResult[]>;
  close(): Promise<void>;
}

export interface EvaluationOptions {
  readonly signal?: AbortSignal | undefined;
  /** Steps of this model that are done. */
  readonly onProgress: (steps: number) => void;
}

export interface JobEvaluationOptions extends Omit<TaskEvaluatorOptions, "tokenizer" | "files" | "bos"> {
  readonly spec: Pick<JobSpec, "evaluation" | "evaluation_tasks">;
  /** Absolute task files, in the order of the job. */
  readonly paths: readonly string[];
  /** Folder with the tokenizer. */
  readonly modelPath: string;
  readonly shape: DecoderShape;
  readonly modelHash: string;
  readonly tokenizerHash: string;
  /** Scores are kept in `<dataDir>/evaluation/`. */
  readonly dataDir: string;
}

/** Zero-shot tasks of a model that is no candidate of the job's; undefined for a job that asks for none. */
export async function evaluateModel(
  job: JobContext,
  model: RecoverableModel,
  { signal, onProgress }: StepOptions,
): Promise<TaskResult[] | undefined> {
  const evaluation = await job.openEvaluation(model);
  if (evaluation === undefined) return undefined;
  try {
    return await evaluation.of(
      { plan: densePlan(model.shape) },
      { signal, onProgress: (done) => onProgress?.({ stage: "report", done, of: evaluation.steps }) },
    );
  } finally {
    await evaluation.close();
  }
}

/** Continuations that are one step of progress. */
const STEP = 64;

/** Reads and tokenises the task files of a job. Throws AppError as `readTaskFile` does. */
export async function openJobEvaluation(options: JobEvaluationOptions): Promise<JobEvaluation> {
  const { spec, paths, modelPath, shape, dataDir, modelHash, tokenizerHash } = options;
  const files: TaskFile[] = [];
  for (const [i, { task, limit }] of (spec.evaluation_tasks ?? []).entries()) {
    files.push(await readTaskFile({ path: paths[i], task, limit: limit ?? undefined }));
  }
  const bos = spec.evaluation.add_bos ?? false;
  const evaluator = openTaskEvaluator({ ...options, tokenizer: await loadTokenizer(modelPath), files, bos });
  const store = openScoreCache(join(dataDir, "evaluation"));
  const keyOf = ({ hash }: TaskFile): string => scoreKey(EVALUATION_PROTOCOL, modelHash, tokenizerHash, hash, bos);
  const watched = ({ signal, onProgress }: EvaluationOptions) => ({
    signal,
    onProgress: (done: number) => onProgress(Math.ceil(done / STEP)),
  });
  return {
    steps: Math.ceil(evaluator.choices / STEP),
    dense: (step) => evaluator.evaluate({ plan: densePlan(shape) }, { ...watched(step), cache: { store, keyOf } }),
    of: (candidate, step) => evaluator.evaluate(candidate, watched(step)),
    close: () => evaluator.close(),
  };
}
