import type { DeliveryView, EndpointId } from "@espalier/contracts";
import type { Transaction } from "../database/connect.js";
import { insertDeliveries } from "../deliveries/outbox.js";
import { webhookBodyText } from "../events/webhook-body.js";
import { readDelivery } from "./delivery-log.js";
import { findEnabledEndpoint } from "./find-endpoint.js";

/** Writes an `endpoint.test` message, whichever events the endpoint asks for. */
export async function sendTest(tx: Transaction, id: EndpointId): Promise<DeliveryView> {
  const { url } = await findEnabledEndpoint(tx, id);
  const [clock] = await tx.$queryRaw<{ now: Date }[]>`SELECT now()`;
  const timestamp = (clock?.now ?? new Date(0)).toISOString();
  const type = "endpoint.test";
  const body = webhookBodyText({ type, timestamp, data: { sequence: 0, endpoint_id: id } });
  const [message = ""] = await insertDeliveries(tx, { jobId: null, type, body }, [
    { endpointId: id, jobWebhookId: null, url },
  ]);
  return readDelivery(tx, message);
}
