import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import { type Environment, hubConfiguration, readEnvironment, workerEnvironment } from "@espalier/contracts";
import type { ComputeSettings } from "./compute/messages.js";

export type WorkerEnvironment = Environment<(typeof workerEnvironment)[number]>;

/** Reads the worker's environment. Throws ConfigurationError listing every problem. */
export const readWorkerEnvironment = (env: NodeJS.ProcessEnv): WorkerEnvironment =>
  readEnvironment(workerEnvironment, env);

/** What compute children are told. Cores are shared out among them unless the number of threads is given. */
export function computeSettings(env: WorkerEnvironment): ComputeSettings {
  const share = Math.max(1, Math.floor(availableParallelism() / env.ESPALIER_WORKER_CONCURRENCY));
  const { ESPALIER_MEMORY_BYTES: memoryBytes, ESPALIER_PYTHON: python } = env;
  return {
    modelRoots: env.ESPALIER_MODEL_ROOTS,
    corpusRoots: env.ESPALIER_CORPUS_ROOTS,
    hubDir: hubConfiguration(env, env.ESPALIER_DATA_DIR).dir,
    statisticsDir: join(env.ESPALIER_DATA_DIR, "statistics"),
    provider: env.ESPALIER_EXECUTION_PROVIDER,
    weightPrecision: env.ESPALIER_WEIGHT_PRECISION,
    profileMode: env.ESPALIER_PROFILE,
    threads: env.ESPALIER_THREADS ?? share,
    ...(python === undefined ? {} : { python }),
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
  };
}

/** Bound on the numbers that a compute child holds, unless the environment sets one: that of the search context. */
export const DEFAULT_MEMORY_BYTES = 4 * 1024 ** 3;

/** Share of the machine's memory that all children together may still hold after their tasks. */
const KEPT_MEMORY_SHARE = 0.6;

/** Memory above which a child is replaced after a task, in bytes: arenas of the runtime keep their peak. */
export function childMemoryLimit(env: WorkerEnvironment): number {
  // A container's limit, where there is one; 0 or a number beyond the machine's memory otherwise.
  const limit = process.constrainedMemory() || totalmem();
  const share = (Math.min(limit, totalmem()) * KEPT_MEMORY_SHARE) / env.ESPALIER_WORKER_CONCURRENCY;
  // Beside the numbers that the setting bounds, a process holds the runtime, its arenas and the heap.
  return env.ESPALIER_MEMORY_BYTES === undefined ? share : Math.min(share, 2 * env.ESPALIER_MEMORY_BYTES);
}
