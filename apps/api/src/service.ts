import { dashboardFolder } from "@espalier/dashboard/location";
import { openHub } from "@espalier/model/hub";
import {
  makeCancelJob,
  makeDeleteJob,
  makeEstimateJob,
  makeFinishJob,
  makePauseJob,
  makeRequestExport,
  makeResumeJob,
  makeSubmitJob,
} from "@espalier/pipeline";
import { openQueues } from "@espalier/queues";
import { openFiles, openStore } from "@espalier/store";
import { makeApiMetrics, startTracing } from "@espalier/telemetry";
import { guardedNetwork, makeAddressPolicy, newSecret } from "@espalier/webhooks";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { buildApp } from "./app.js";
import type { ApiConfig } from "./config.js";
import type { StreamTiming } from "./deps.js";
import { makeInspector } from "./inspect/host.js";
import { shutDown } from "./shut-down.js";
import { makeReadStatus } from "./status/read-status.js";
import { checkBody } from "./submit/check-body.js";
import { makeFindOnHub } from "./submit/find-on-hub.js";

export interface ApiService {
  readonly app: FastifyInstance;
  /** Stops taking requests, ends streams, then closes what is behind; safe to call twice. */
  close(): Promise<void>;
}

export interface ServiceOptions {
  readonly config: ApiConfig;
  readonly logger: Logger;
  readonly version: string;
  /** The built `inspect/child.js`. */
  readonly inspectorEntry: URL;
  readonly stream?: Partial<StreamTiming>;
  readonly handlerTimeoutMs?: number;
}

/** Wires the API to Postgres, the queue, the files and the inspecting child. Listening is the caller's. */
export async function openService(options: ServiceOptions): Promise<ApiService> {
  const { config, logger, version, inspectorEntry, stream, handlerTimeoutMs } = options;
  const { databaseUrl, redisUrl, encryptionKey, previousEncryptionKeys = [], roots, memory, webhooks } = config;
  const traced = await startTracing({ enabled: config.tracing ?? false, serviceName: "espalier-api" });
  const files = await openFiles({ dataDir: config.dataDir, s3: config.s3 });
  const store = openStore({ databaseUrl, encryptionKey, previousEncryptionKeys });
  const queues = await openQueues({ ...(redisUrl === undefined ? { databaseUrl } : { redisUrl }), logger });
  const inspector = makeInspector({
    entry: inspectorEntry,
    roots: { ...roots, hubDir: config.hub.dir },
    memory,
    log: logger,
  });
  const webhookPolicy = { addresses: makeAddressPolicy(webhooks.allowedCidrs), allowHttp: webhooks.allowHttp };
  const { allowedCidrs, allowHttp, ...hub } = config.hub;
  const network = guardedNetwork({ allowedCidrs, allowHttp });
  const findOnHub = makeFindOnHub(openHub({ ...hub, network, now: Date.now, random: Math.random }));
  const submitJob = makeSubmitJob({
    inspect: async (body) => {
      checkBody(body, webhookPolicy);
      return inspector.inspect(body, await findOnHub(body.model));
    },
    jobs: store.jobs,
    queue: queues,
    newSecret,
    tracing: traced.tracing,
  });
  const estimateJob = makeEstimateJob({
    inspect: async (body) => {
      checkBody(body, webhookPolicy);
      return inspector.count(body, await findOnHub(body.model));
    },
    jobs: store.jobs,
    measurements: store.measurements,
  });
  const jobs = { jobs: store.jobs, queue: queues };
  const pings = { postgres: () => store.ping(), queue: () => queues.ping(), files: () => files.ping() };
  const app = buildApp({
    views: store.views,
    endpoints: store.endpoints,
    objects: files,
    submitJob,
    jobControl: {
      cancel: makeCancelJob(jobs),
      pause: makePauseJob(jobs),
      resume: makeResumeJob(jobs),
      finish: makeFinishJob(jobs),
      delete: makeDeleteJob(jobs),
    },
    estimateJob,
    requestExport: makeRequestExport({
      exports: store.exports,
      queue: queues,
      checkProfile: async (asked) => inspector.checkProfile({ ...asked, onHub: await findOnHub(asked.model) }),
    }),
    inventory: inspector,
    newSecret,
    webhookPolicy,
    pings,
    readStatus: makeReadStatus({ pings, readings: store.readings, workers: store.workers, version }),
    apiKeys: store.apiKeys,
    apiKey: config.apiKey,
    rateLimits: config.rateLimits,
    trustedProxies: config.trustedProxies ?? [],
    version,
    logger,
    metrics: makeApiMetrics({ rows: () => store.readings.service(), messages: () => queues.counts() }),
    metricsToken: config.metricsToken,
    tracing: traced.tracing,
    dashboard: dashboardFolder,
    ...(stream && { stream }),
    ...(handlerTimeoutMs !== undefined && { handlerTimeoutMs }),
  });
  const steps = [
    ["http", async () => void (await app.close())],
    ["inspector", () => inspector.close()],
    ["queues", () => queues.close()],
    ["files", () => files.close()],
    ["store", () => store.close()],
    ["tracing", () => traced.close()],
  ] as const;
  let closing: Promise<void> | undefined;
  return {
    app,
    close: () => {
      closing ??= shutDown(steps, logger);
      return closing;
    },
  };
}
