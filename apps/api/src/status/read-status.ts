import { type StatusView, workKinds } from "@espalier/contracts";
import type { OpenWorkByKind, ServiceReadings, WorkerStore } from "@espalier/store";
import { cached } from "@espalier/telemetry";
import type { ApiDeps } from "../deps.js";
import { runChecks } from "./run-checks.js";

/** An answer is given again for so long, so that many open pages cost the database no more than one. */
const KEEP_MS = 2_000;

interface StatusDeps {
  readonly pings: ApiDeps["pings"];
  readonly readings: Pick<ServiceReadings, "work">;
  readonly workers: Pick<WorkerStore, "list">;
  readonly version: string;
}

/** Reads what the service is doing. Rejects with AppError SERVICE_UNAVAILABLE while Postgres is away. */
export function makeReadStatus({ pings, readings, workers, version }: StatusDeps): () => Promise<StatusView> {
  const startedAt = new Date();
  const read = async (): Promise<StatusView> => {
    const [checks, work, seen] = await Promise.all([runChecks(pings), readings.work(), workers.list()]);
    return {
      version,
      node: process.versions.node,
      started_at: startedAt.toISOString(),
      uptime_seconds: Math.round((Date.now() - startedAt.getTime()) / 1000),
      checks,
      queues: queueViews(work),
      workers: seen,
    };
  };
  return cached(read, { keepMs: KEEP_MS });
}

const queueViews = (work: OpenWorkByKind): StatusView["queues"] =>
  workKinds.map((name) => {
    const { waiting, active, delayed, oldestSeconds } = work[name];
    return { name, waiting, active, delayed, oldest_waiting_seconds: waiting === 0 ? null : oldestSeconds };
  });
