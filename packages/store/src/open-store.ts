import { makeApiKeyStore } from "./api-keys/make-api-key-store.js";
import { cursorCodec } from "./cursors/cursor.js";
import { connect, ping } from "./database/connect.js";
import { withOutageNamed } from "./database/outage.js";
import { makeDeliveryStore } from "./deliveries/delivery-store.js";
import { makeEndpointStore } from "./endpoints/make-endpoint-store.js";
import { makeExportStore } from "./exports/export-store.js";
import { makeJobStore } from "./jobs/job-store.js";
import { makeMeasurementStore } from "./measurements/measurement-store.js";
import { makeServiceReadings } from "./readings/service-readings.js";
import { makeReconciliation } from "./reconciliation/reconciliation.js";
import { makeRemovalStore } from "./removals/removal-store.js";
import { deriveKeys } from "./secrets/keys.js";
import { makeSealer } from "./secrets/seal.js";
import { makeSecretUpkeep } from "./secrets/secret-upkeep.js";
import type { Store, StoreOptions } from "./store.js";
import { makeTrialStore } from "./trials/trial-store.js";
import { makeViews } from "./views/make-views.js";
import { makeWorkerStore } from "./workers/worker-store.js";

const DEFAULT_MAX_CONNECTIONS = 10;

/**
 * Opens the store; it connects on first use. Every method rejects with AppError SERVICE_UNAVAILABLE while Postgres is
 * away. Throws RangeError when an encryption key is not 32 bytes long.
 */
export function openStore(options: StoreOptions): Store {
  const { databaseUrl, encryptionKey, previousEncryptionKeys = [], maxConnections } = options;
  const [current, previous] = [deriveKeys(encryptionKey), previousEncryptionKeys.map(deriveKeys)];
  const sealer = makeSealer([current, ...previous]);
  const cursors = cursorCodec([current.cursors, ...previous.map(({ cursors: key }) => key)]);
  const database = connect(databaseUrl, maxConnections ?? DEFAULT_MAX_CONNECTIONS);
  return {
    jobs: withOutageNamed(makeJobStore(database, sealer)),
    trials: withOutageNamed(makeTrialStore(database)),
    exports: withOutageNamed(makeExportStore(database)),
    deliveries: withOutageNamed(makeDeliveryStore(database, sealer)),
    reconciliation: withOutageNamed(makeReconciliation(database)),
    removals: withOutageNamed(makeRemovalStore(database)),
    measurements: withOutageNamed(makeMeasurementStore(database)),
    views: withOutageNamed(makeViews(database, cursors)),
    readings: withOutageNamed(makeServiceReadings(database)),
    endpoints: withOutageNamed(makeEndpointStore(database, sealer, cursors)),
    secrets: withOutageNamed(makeSecretUpkeep(database, sealer)),
    workers: withOutageNamed(makeWorkerStore(database)),
    apiKeys: withOutageNamed(makeApiKeyStore(database, cursors)),
    ping: () => ping(database),
    close: () => database.$disconnect(),
  };
}
