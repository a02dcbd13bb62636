import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { EvaluateOutcome, EvaluateProgress, EvaluateRequest } from "@espalier/contracts";
import { CliError, exitCodes } from "../cli-error.js";
import { startTask } from "../one-task/start-task.js";
import { taskProgress } from "../one-task/task-progress.js";
import { interrupted } from "../stack/on-interrupt.js";
import type { EvaluateFlags } from "./evaluate-flags.js";

const stageNames: Record<EvaluateProgress["stage"], string> = {
  tasks: "continuations of zero-shot tasks",
  perplexity: "windows of text",
  latency: "timed rounds",
};

/** Evaluates folders in a process of its own; throws CliError for flags and files that cannot be used. */
export async function runEvaluate(flags: EvaluateFlags): Promise<EvaluateOutcome> {
  const request = requestOf(flags);
  const stopped = interrupted();
  const progress = taskProgress(stageNames);
  const evaluation = startTask<EvaluateRequest, EvaluateOutcome, EvaluateProgress>(
    "@espalier/worker/evaluate",
    request,
    (step) => progress.update(step),
  );
  const cleanUp = async (): Promise<void> => {
    progress.stop();
    await evaluation.stop();
  };
  void stopped.then(async () => {
    await cleanUp();
    process.exit(130);
  });
  try {
    return await evaluation.outcome;
  } finally {
    await cleanUp();
  }
}

function requestOf(flags: EvaluateFlags): EvaluateRequest {
  const { tasks, taskLimit, perplexity, protocol, sequenceLength, windows, latency, threads, provider } = flags;
  if (tasks.length === 0 && perplexity.length === 0 && !latency) {
    throw new CliError("Nothing to measure: give --tasks, --perplexity or --latency.", exitCodes.badInput);
  }
  return {
    models: [flags.against, flags.model].flatMap((path) => (path === undefined ? [] : [there("model", path)])),
    tasks: tasks.map((path) => ({
      path: there("task file", path),
      ...(taskLimit === undefined ? {} : { limit: taskLimit }),
    })),
    addBos: flags.addBos,
    perplexity: perplexity.map((path) => ({
      ...{ path: there("text", path), protocol, sequenceLength },
      ...(windows === undefined ? {} : { windows }),
    })),
    ...(latency ? { latency: { tokens: flags.latencyTokens, rounds: flags.latencyRounds } } : {}),
    threads,
    provider,
  };
}

function there(kind: string, path: string): string {
  if (!existsSync(path)) throw new CliError(`The ${kind} '${path}' does not exist.`, exitCodes.badInput);
  return resolve(path);
}
