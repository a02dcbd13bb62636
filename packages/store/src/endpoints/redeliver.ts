import { AppError, type DeliveryView, type EndpointId, type MessageId } from "@espalier/contracts";
import type { Transaction } from "../database/connect.js";
import { receiverHost } from "../deliveries/receiver-host.js";
import { readDelivery } from "./delivery-log.js";
import { findEnabledEndpoint } from "./find-endpoint.js";

/** Makes a message that has ended due again: same id, same body, and the schedule from its beginning. */
export async function redeliver(tx: Transaction, id: EndpointId, message: MessageId): Promise<DeliveryView> {
  const { url } = await findEnabledEndpoint(tx, id);
  const changed = await tx.$executeRaw`
    UPDATE deliveries SET state = 'pending', earlier_attempts = attempts, lease_until = NULL, host = ${receiverHost(url)},
      next_attempt_at = date_trunc('milliseconds', clock_timestamp())
    WHERE id = ${message} AND endpoint_id = ${id} AND state <> 'pending'`;
  if (changed === 1) return readDelivery(tx, message);
  const found = await tx.delivery.findFirst({ where: { id: message, endpointId: id }, select: { id: true } });
  if (found) {
    throw new AppError(
      "WEBHOOK_DELIVERY_PENDING",
      `The message '${message}' is still being delivered; its next attempt comes by itself.`,
    );
  }
  throw new AppError(
    "WEBHOOK_DELIVERY_NOT_FOUND",
    `No message '${message}' of this endpoint. List them with GET /v1/webhook-endpoints/${id}/deliveries.`,
  );
}
