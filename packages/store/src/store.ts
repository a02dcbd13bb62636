import type {
  DeliveryStore,
  ExportStore,
  JobStore,
  MeasurementStore,
  Reconciliation,
  RemovalStore,
  TrialStore,
} from "@espalier/pipeline";
import type { ApiKeyStore } from "./api-keys/api-key-store.js";
import type { EndpointStore } from "./endpoints/endpoint-store.js";
import type { ServiceReadings } from "./readings/service-readings.js";
import type { SecretUpkeep } from "./secrets/secret-upkeep.js";
import type { Views } from "./views/views.js";
import type { WorkerStore } from "./workers/worker-store.js";

export interface StoreOptions {
  readonly databaseUrl: string;
  /** 32 bytes; webhook secrets and cursors are sealed with keys derived from it. */
  readonly encryptionKey: Uint8Array;
  /** Keys that were in use before: what they sealed and signed is still read. */
  readonly previousEncryptionKeys?: readonly Uint8Array[];
  /** Most connections of this process's pool (default 10). */
  readonly maxConnections?: number;
}

/** Everything that Espalier keeps in Postgres. */
export interface Store {
  readonly jobs: JobStore;
  readonly trials: TrialStore;
  readonly exports: ExportStore;
  readonly deliveries: DeliveryStore;
  readonly reconciliation: Reconciliation;
  readonly removals: RemovalStore;
  readonly measurements: MeasurementStore;
  readonly views: Views;
  readonly readings: ServiceReadings;
  readonly endpoints: EndpointStore;
  readonly apiKeys: ApiKeyStore;
  readonly secrets: SecretUpkeep;
  readonly workers: WorkerStore;
  /** Rejects with AppError SERVICE_UNAVAILABLE when Postgres does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
