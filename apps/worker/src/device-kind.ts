import { arch, availableParallelism, cpus, platform } from "node:os";
import type { DeviceKind } from "@espalier/pipeline";
import { readVersions } from "./compute/versions.js";
import { computeSettings, DEFAULT_MEMORY_BYTES, type WorkerEnvironment } from "./configuration.js";

/** What decides how fast this worker computes. */
export function deviceKind(env: WorkerEnvironment): DeviceKind {
  const { provider, weightPrecision, threads, memoryBytes } = computeSettings(env);
  const { espalier, onnxruntime, node_major } = readVersions();
  return {
    machine: `${cpus()[0]?.model ?? "unknown processor"} × ${availableParallelism()}, ${platform()} ${arch()}`,
    provider: weightPrecision === "half" ? `${provider}, half weights` : provider,
    threads,
    concurrency: env.ESPALIER_WORKER_CONCURRENCY,
    memoryBytes: memoryBytes ?? DEFAULT_MEMORY_BYTES,
    versions: `espalier ${espalier}, onnxruntime ${onnxruntime}, node ${node_major}`,
  };
}
