export { makeLogger } from "./log/logger.js";
export { type ApiMetrics, type ApiReadings, makeApiMetrics } from "./metrics/api-metrics.js";
export { cached } from "./metrics/cached.js";
export { type MetricsReader, mayReadMetrics } from "./metrics/may-read-metrics.js";
export { type MetricsServer, serveMetrics } from "./metrics/serve-metrics.js";
export { makeWorkerMetrics, type WorkerMetrics } from "./metrics/worker-metrics.js";
export { type RunningTracing, startTracing, type TracingOptions } from "./tracing/start-tracing.js";
