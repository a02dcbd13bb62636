import type { JobState, QueueName } from "@espalier/contracts";
import { collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { answerWithin, cached } from "./cached.js";

/** Work of one queue that the rows say is due. */
interface DueWork {
  readonly waiting: number;
  /** Since when the oldest has been due; 0 without any. */
  readonly oldestSeconds: number;
}

/** Where the API's gauges come from; each may reject, and its gauges are then absent. */
export interface ApiReadings {
  readonly rows: () => Promise<{
    readonly jobs: Readonly<Record<JobState, number>>;
    readonly work: Readonly<Record<string, DueWork>>;
    readonly outboxOldestSeconds: number;
  }>;
  readonly messages: () => Promise<
    Readonly<Record<QueueName, { readonly waiting: number; readonly active: number; readonly delayed: number }>>
  >;
}

export interface AnsweredRequest {
  readonly method: string;
  /** Template, such as `/v1/jobs/:id`; undefined where no route fits. */
  readonly route: string | undefined;
  readonly status: number;
  readonly seconds: number;
}

export interface ApiMetrics {
  requestAnswered(request: AnsweredRequest): void;
  streamOpened(): void;
  streamClosed(): void;
  /** Content type of `text`. */
  readonly contentType: string;
  /** All metrics in Prometheus' text format. */
  text(): Promise<string>;
}

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** A scrape does not wait longer for the database; Prometheus itself gives up after ten seconds. */
const READ_TIMEOUT_MS = 3_000;

const ANSWER_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Metrics of an API process: its requests, and what the rows and the queues say of the whole service. */
export function makeApiMetrics(readings: ApiReadings): ApiMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: "espalier_http_request_duration_seconds",
    help: "Time from a request to the end of its answer, by route template",
    labelNames: ["method", "route", "status"] as const,
    buckets: ANSWER_BUCKETS,
    registers,
  });
  const streams = new Gauge({ name: "espalier_event_streams_open", help: "Streams of events open now", registers });
  const readGauges = registerGauges(registry, readings);

  return {
    requestAnswered: ({ method, route = "none", status, seconds }) =>
      requests.observe({ method: METHODS.has(method) ? method : "other", route, status }, seconds),
    streamOpened: () => streams.inc(),
    streamClosed: () => streams.dec(),
    contentType: registry.contentType,
    text: async () => {
      await readGauges();
      return registry.metrics();
    },
  };
}

function registerGauges(registry: Registry, readings: ApiReadings): () => Promise<void> {
  const registers = [registry];
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Gauge<L>({ name, help, labelNames: [...labelNames], registers });
  const jobs = gauge("espalier_jobs", "Jobs by state", ["state"]);
  const waiting = gauge("espalier_waiting_work", "Work that is due and nobody holds, by the rows", ["queue"]);
  const oldest = gauge("espalier_oldest_waiting_seconds", "Since when the oldest waiting work is due", ["queue"]);
  const outbox = gauge("espalier_outbox_oldest_seconds", "Age of the oldest webhook message still to deliver", []);
  const messages = gauge("espalier_queue_messages", "Messages on the queues", ["queue", "state"]);
  const databaseUp = gauge("espalier_database_up", "1 while Postgres answers, else 0", []);
  const queueUp = gauge("espalier_queue_up", "1 while the queue answers, else 0", []);

  const readRows = cached(async () => {
    for (const each of [jobs, waiting, oldest, outbox]) each.reset();
    const rows = await answerWithin(READ_TIMEOUT_MS, readings.rows());
    databaseUp.set(rows ? 1 : 0);
    if (!rows) return outbox.remove();
    for (const [state, count] of Object.entries(rows.jobs)) jobs.set({ state }, count);
    for (const [queue, due] of Object.entries(rows.work)) {
      waiting.set({ queue }, due.waiting);
      oldest.set({ queue }, due.oldestSeconds);
    }
    outbox.set(rows.outboxOldestSeconds);
  });
  const readMessages = cached(async () => {
    messages.reset();
    const counts = await answerWithin(READ_TIMEOUT_MS, readings.messages());
    queueUp.set(counts ? 1 : 0);
    for (const [queue, states] of Object.entries(counts ?? {})) {
      for (const [state, count] of Object.entries(states)) messages.set({ queue, state }, count);
    }
  });
  return async () => void (await Promise.all([readRows(), readMessages()]));
}
