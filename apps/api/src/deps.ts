import type { CorpusView, JobId, ModelView } from "@espalier/contracts";
import type { makeSubmitJob } from "@espalier/pipeline";
import type { EndpointStore, ObjectStore, Views } from "@espalier/store";
import type { UrlPolicy } from "@espalier/webhooks";
import type { FastifyBaseLogger } from "fastify";

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

/** Everything that the API needs from outside; `main.ts` wires it. */
export interface ApiDeps {
  readonly views: Views;
  readonly endpoints: Pick<EndpointStore, "create" | "get" | "list" | "remove" | "deliveries">;
  readonly objects: Pick<ObjectStore, "openRead">;
  readonly submitJob: ReturnType<typeof makeSubmitJob>;
  readonly cancelJob: (id: JobId) => Promise<void>;
  readonly inventory: Inventory;
  readonly newSecret: () => string;
  readonly webhookPolicy: UrlPolicy;
  /** Reject when the service behind does not answer. */
  readonly pings: { readonly postgres: () => Promise<void>; readonly queue: () => Promise<void> };
  /** Asked for on every `/v1` call; without it none is needed, and only loopback may be bound. */
  readonly apiKey?: string | undefined;
  readonly version: string;
  readonly logger: FastifyBaseLogger;
  readonly stream?: Partial<StreamTiming>;
}
