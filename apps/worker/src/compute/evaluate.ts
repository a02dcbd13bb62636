import type {
  EvaluatedFolder,
  EvaluateOutcome,
  EvaluateProgress,
  EvaluateRequest,
  LatencyResult,
} from "@espalier/contracts";
import { compareLatency, evaluateFolder } from "@espalier/pruning";
import { serveOneTask } from "./one-task.js";
import { startPrefill } from "./prefill-process.js";

/** Seed of the order of runs and of the bootstrap. */
const LATENCY_SEED = 0;

interface Step {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: EvaluateProgress) => void;
}

async function evaluate(request: EvaluateRequest, step: Step): Promise<EvaluateOutcome> {
  const models: Omit<EvaluatedFolder, "latency">[] = [];
  for (const path of request.models) {
    models.push(await evaluateFolder(path, request, step));
  }
  const latency = await latencies(request, step);
  return { models: models.map((model, i) => ({ ...model, latency: latency[i] ?? null })) };
}

/** One process for each model, so that each has a peak of memory of its own; they take turns. */
async function latencies(
  { models, latency, threads, provider }: EvaluateRequest,
  { signal, onProgress }: Step,
): Promise<LatencyResult[]> {
  if (latency === undefined) return [];
  const { tokens, rounds } = latency;
  const processes = models.map((modelPath) => startPrefill({ modelPath, tokens, threads, provider }, signal));
  try {
    for (const { opened } of processes) await opened;
    const compared = await compareLatency(
      processes.map(({ run }) => run),
      {
        rounds,
        seed: LATENCY_SEED,
        signal,
        onProgress: (done) => onProgress({ stage: "latency", done, of: rounds }),
      },
    );
    return compared.map(({ seconds, interval, ratio, ratioInterval }, i) => ({
      ...{ prompt_tokens: tokens, rounds, provider, threads },
      prefill_seconds: seconds,
      prefill_interval: interval,
      peak_rss_bytes: processes[i]?.peakRssBytes() ?? 0,
      ratio,
      ratio_interval: ratioInterval,
    }));
  } finally {
    for (const { stop } of processes) stop();
  }
}

/** Main module of the process behind `espalier evaluate`. */
serveOneTask<EvaluateRequest, EvaluateOutcome, EvaluateProgress>(evaluate);
