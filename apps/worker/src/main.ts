import { hostname } from "node:os";
import { ConfigurationError, newWorkerId, objectStoreSettings } from "@espalier/contracts";
import { type Log, makeReconcile, makeRemoveDeleted } from "@espalier/pipeline";
import { openQueues } from "@espalier/queues";
import { openFiles, openStore } from "@espalier/store";
import { makeLogger, makeWorkerMetrics, serveMetrics, startTracing, type WorkerMetrics } from "@espalier/telemetry";
import { makeDeliverer } from "@espalier/webhooks";
import { openComputeHost } from "./compute/host.js";
import { readVersions } from "./compute/versions.js";
import { childMemoryLimit, computeSettings, readWorkerEnvironment, type WorkerEnvironment } from "./configuration.js";
import { makeHandlers } from "./consumers/handlers.js";
import { deviceKind } from "./device-kind.js";
import { startDispatchers } from "./dispatchers.js";
import { downloadingCompute } from "./downloaded-models.js";
import { keepSecrets } from "./keep-secrets.js";
import { keepingCompute, statisticsFetcher } from "./kept-files.js";
import { measuredCompute, measuredDeliveries, measuredExports, measuredJobs, measuredTrials } from "./measured.js";
import { calibrateWhenIdle, rememberWork } from "./measurements.js";
import { openWorkerHub } from "./open-worker-hub.js";
import { repeat } from "./repeat.js";
import { reportPresence } from "./report-presence.js";
import { type ShutDownStep, shutDown } from "./shut-down.js";
import { onStopSignal } from "./stop-signals.js";
import { countInHand } from "./work-in-hand.js";

/** Composition root of a worker: takes work from the queues, has it computed in children, and settles it. */

const RECONCILE_EVERY_MS = 5_000;
const REMOVE_EVERY_MS = 5_000;
/** Webhooks wait for receivers, so many run at once; those that are known to be slow have places of their own. */
const WEBHOOK_CONCURRENCY = { webhook: 256, slow_webhook: 64 } as const;
/** Longer than a child's grace before it is killed, so that work in hand is given back. */
const CONSUMER_GRACE_SECONDS = 8;
const STEP_TIMEOUT_MS = 10_000;

async function main(env: WorkerEnvironment): Promise<void> {
  const owner = `${hostname()}:${process.pid}`;
  const log = makeLogger({ service: "worker", level: env.ESPALIER_LOG_LEVEL });
  const stopping = new AbortController();
  /** What is open, last first: the order in which it ends. */
  const open: ShutDownStep[] = [];
  onStopSignal((reason) => {
    log.info({ event: "worker.stopping", reason }, "worker stopping");
    // First of all: work in hand stops between micro-batches and is given back by its handler.
    stopping.abort();
    void shutDown(open, STEP_TIMEOUT_MS, log).then(() => process.exit(0));
  });

  const running = await startTracing({ enabled: env.ESPALIER_TRACING, serviceName: "espalier-worker" });
  open.unshift(["tracing", () => running.close()]);
  const metrics = makeWorkerMetrics();
  let isReady = false;
  await openMetricsPort(env, { metrics, isReady: () => isReady && !stopping.signal.aborted }, open, log);
  const store = await openStore({
    databaseUrl: env.ESPALIER_DATABASE_URL,
    encryptionKey: env.ESPALIER_ENCRYPTION_KEY,
    previousEncryptionKeys: env.ESPALIER_ENCRYPTION_KEY_PREVIOUS,
  });
  open.unshift(["store", () => store.close()]);
  const redisUrl = env.ESPALIER_REDIS_URL;
  const backend = redisUrl === undefined ? { databaseUrl: env.ESPALIER_DATABASE_URL } : { redisUrl };
  const queues = await openQueues({ ...backend, logger: log });
  open.unshift(["queues", () => queues.close()]);
  const files = await openFiles({ dataDir: env.ESPALIER_DATA_DIR, s3: objectStoreSettings(env) });
  open.unshift(["files", () => files.close()]);
  const deliverer = makeDeliverer({
    allowedCidrs: env.ESPALIER_WEBHOOK_ALLOWED_CIDRS,
    allowHttp: env.ESPALIER_WEBHOOK_ALLOW_HTTP,
    now: Date.now,
  });
  open.unshift(["webhooks", () => deliverer.close()]);
  const device = deviceKind(env);
  const compute = openComputeHost({
    entry: new URL("./compute/child.js", import.meta.url),
    settings: computeSettings(env),
    concurrency: env.ESPALIER_WORKER_CONCURRENCY,
    rssLimitBytes: childMemoryLimit(env),
    artifactDir: files.artifactDir,
    exportDir: files.exportDir,
    onMeasured: rememberWork(device, store.measurements, log),
    fetchStatistics: statisticsFetcher(files, log),
    onStderr: (text) => log.warn({ event: "compute.stderr", text }, "a compute child wrote to stderr"),
  });
  open.unshift(["compute", () => compute.close()]);
  const calibration = calibrateWhenIdle({ device, measurements: store.measurements, compute, log });
  open.unshift(["calibration", () => calibration.stop()]);
  const retrySeconds = env.ESPALIER_WEBHOOK_RETRY_SECONDS;
  const handlers = makeHandlers({
    jobs: measuredJobs(store.jobs, metrics),
    trials: measuredTrials(store.trials, metrics),
    exports: measuredExports(store.exports, metrics),
    compute: downloadingCompute(keepingCompute(measuredCompute(compute, metrics), files, log), openWorkerHub(env), log),
    tracing: running.tracing,
    queue: queues,
    worker: { owner, leaseSeconds: env.ESPALIER_LEASE_SECONDS, shutdown: stopping.signal },
    log,
    webhooks: {
      deliveries: measuredDeliveries(store.deliveries, metrics),
      deliverer,
      random: Math.random,
      ...(retrySeconds && { retrySeconds }),
    },
  });
  const counted = countInHand(handlers);
  const worker = { id: newWorkerId(), version: readVersions().espalier, ...device };
  const presence = reportPresence({ workers: store.workers, worker, inHand: counted.inHand, log });
  open.unshift(["presence", () => presence.stop()]);
  const reconcile = makeReconcile({ reconciliation: store.reconciliation, queue: queues });

  const consumers = await queues.startConsumers(counted.handlers, {
    concurrency: {
      profile: 1,
      trial: env.ESPALIER_WORKER_CONCURRENCY,
      export: 1,
      ...WEBHOOK_CONCURRENCY,
    },
  });
  open.unshift(["consumers", () => consumers.close(CONSUMER_GRACE_SECONDS)]);
  const reconciler = repeat(reconcile, RECONCILE_EVERY_MS, (err) =>
    log.warn({ event: "reconcile.failed", err }, "reconciliation failed; it is tried again"),
  );
  open.unshift(["reconciler", () => reconciler.stop()]);
  const removeDeleted = makeRemoveDeleted({ removals: store.removals, files });
  const remover = repeat(removeDeleted, REMOVE_EVERY_MS, (err) =>
    log.warn({ event: "remove.failed", err }, "what deleted jobs left could not be removed; it is tried again"),
  );
  open.unshift(["remover", () => remover.stop()]);
  const secrets = keepSecrets(store.secrets, log);
  open.unshift(["secrets", () => secrets.stop()]);
  const dispatchers = startDispatchers({ deliveries: store.deliveries, queue: queues }, log);
  open.unshift(["dispatchers", () => dispatchers.stop()]);
  isReady = true;
  log.info({ event: "worker.ready", owner, concurrency: env.ESPALIER_WORKER_CONCURRENCY }, "worker ready");
  process.send?.({ kind: "ready" });
}

async function openMetricsPort(
  env: WorkerEnvironment,
  served: { readonly metrics: WorkerMetrics; readonly isReady: () => boolean },
  open: ShutDownStep[],
  log: Log,
): Promise<void> {
  const { ESPALIER_METRICS_HOST: host, ESPALIER_METRICS_PORT: port, ESPALIER_METRICS_TOKEN: token } = env;
  if (port === undefined) return;
  const server = await serveMetrics({ host, port, token, ...served });
  open.unshift(["metrics", () => server.close()]);
  log.info({ event: "metrics.listening", host, port: server.port }, "metrics are served");
}

try {
  await main(readWorkerEnvironment(process.env));
} catch (error) {
  const known = error instanceof ConfigurationError;
  process.stderr.write(`${known ? error.message : (error as Error).stack}\n`);
  process.exit(known ? 2 : 1);
}
