import type { DeliveryStore } from "@espalier/pipeline";
import type { Database } from "../database/connect.js";
import type { Sealer } from "../secrets/seal.js";
import { claimDelivery } from "./claim-delivery.js";
import { dueDeliveries } from "./due-deliveries.js";
import { settleDelivery } from "./settle-delivery.js";

/** The outbox in Postgres. */
export function makeDeliveryStore(database: Database, sealer: Sealer): DeliveryStore {
  return {
    due: (wanted) => dueDeliveries(database, wanted),
    claim: (id, leaseSeconds) => claimDelivery(database, sealer, id, leaseSeconds),
    settle: (id, attempt, next) => settleDelivery(database, id, attempt, next),
  };
}
