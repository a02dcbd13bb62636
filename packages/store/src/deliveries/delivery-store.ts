import type { DeliveryStore } from "@espalier/pipeline";
import type { Database } from "../database/connect.js";
import { claimDelivery } from "./claim-delivery.js";
import { dueDeliveries } from "./due-deliveries.js";
import { settleDelivery } from "./settle-delivery.js";

/** The outbox in Postgres. */
export function makeDeliveryStore(database: Database, secretKey: Uint8Array): DeliveryStore {
  return {
    due: (wanted) => dueDeliveries(database, wanted),
    claim: (id, leaseSeconds) => claimDelivery(database, secretKey, id, leaseSeconds),
    settle: (id, attempt, next) => settleDelivery(database, id, attempt, next),
  };
}
