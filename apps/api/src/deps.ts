import type { CorpusView, JobId, ModelView, StatusView } from "@espalier/contracts";
import type { makeEstimateJob, makeRequestExport, makeSubmitJob, Tracing } from "@espalier/pipeline";
import type { ApiKeyStore, EndpointStore, ObjectStore, Views } from "@espalier/store";
import type { ApiMetrics } from "@espalier/telemetry";
import type { UrlPolicy } from "@espalier/webhooks";
import type { FastifyBaseLogger } from "fastify";
import type { RateLimits } from "./plugins/rate-limit.js";

/** What the configured roots hold. */
export interface Inventory {
  listModels(): Promise<readonly ModelView[]>;
  listCorpora(): Promise<readonly CorpusView[]>;
}

/** What a stream of events waits for; tests shorten it. */
export interface StreamTiming {
  /** Pause between looks at the events table. */
  readonly pollMs: number;
  /** Silence after which a comment keeps the connection open. */
  readonly keepAliveMs: number;
}

/** What a job's owner may do with it after submit. */
export type JobControls = Readonly<
  Record<"cancel" | "pause" | "resume" | "finish" | "delete", (id: JobId) => Promise<void>>
>;

/** Everything that the API needs from outside; `main.ts` wires it. */
export interface ApiDeps {
  readonly views: Views;
  readonly endpoints: EndpointStore;
  readonly objects: Pick<ObjectStore, "openRead">;
  readonly submitJob: ReturnType<typeof makeSubmitJob>;
  readonly estimateJob: ReturnType<typeof makeEstimateJob>;
  readonly jobControl: JobControls;
  readonly requestExport: ReturnType<typeof makeRequestExport>;
  readonly inventory: Inventory;
  readonly newSecret: () => string;
  readonly webhookPolicy: UrlPolicy;
  /** Reject when the service behind does not answer. */
  readonly pings: Readonly<Record<"postgres" | "queue" | "files", () => Promise<void>>>;
  readonly readStatus: () => Promise<StatusView>;
  readonly apiKeys: ApiKeyStore;
  /** The first key, with every scope; without it only loopback may be bound, and a key is needed once one was made. */
  readonly apiKey?: string | undefined;
  readonly rateLimits: RateLimits;
  readonly trustedProxies?: readonly string[];
  readonly version: string;
  readonly logger: FastifyBaseLogger;
  readonly metrics: ApiMetrics;
  readonly metricsToken?: string | undefined;
  readonly tracing?: Tracing | undefined;
  /** Folder of the built dashboard; absent: only the API is served. */
  readonly dashboard?: URL;
  readonly stream?: Partial<StreamTiming>;
  /** Time in which an answer must have begun; default: a minute. */
  readonly handlerTimeoutMs?: number;
}
