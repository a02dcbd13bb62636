import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type Environment, readEnvironment, workerEnvironment } from "@espalier/contracts";
import type { ComputeSettings } from "./compute/messages.js";

export type WorkerEnvironment = Environment<(typeof workerEnvironment)[number]>;

/** Reads the worker's environment. Throws ConfigurationError listing every problem. */
export const readWorkerEnvironment = (env: NodeJS.ProcessEnv): WorkerEnvironment =>
  readEnvironment(workerEnvironment, env);

/** What compute children are told. Cores are shared out among them unless the number of threads is given. */
export function computeSettings(env: WorkerEnvironment): ComputeSettings {
  const share = Math.max(1, Math.floor(availableParallelism() / env.ESPALIER_WORKER_CONCURRENCY));
  const memoryBytes = env.ESPALIER_MEMORY_BYTES;
  return {
    modelRoots: env.ESPALIER_MODEL_ROOTS,
    corpusRoots: env.ESPALIER_CORPUS_ROOTS,
    statisticsDir: join(env.ESPALIER_DATA_DIR, "statistics"),
    provider: env.ESPALIER_EXECUTION_PROVIDER,
    threads: env.ESPALIER_THREADS ?? share,
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
  };
}
