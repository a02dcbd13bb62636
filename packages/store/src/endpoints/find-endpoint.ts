import { AppError, type EndpointId } from "@espalier/contracts";
import type { Database, Transaction } from "../database/connect.js";
import type { WebhookEndpoint } from "../generated/client.js";

/** Rejects with AppError WEBHOOK_ENDPOINT_NOT_FOUND. */
export async function findEndpoint(database: Database | Transaction, id: EndpointId): Promise<WebhookEndpoint> {
  const row = await database.webhookEndpoint.findUnique({ where: { id } });
  if (row) return row;
  throw new AppError(
    "WEBHOOK_ENDPOINT_NOT_FOUND",
    `No webhook endpoint '${id}'. List them with GET /v1/webhook-endpoints.`,
  );
}

/** Rejects with AppError WEBHOOK_ENDPOINT_NOT_FOUND or WEBHOOK_ENDPOINT_DISABLED. */
export async function findEnabledEndpoint(tx: Transaction, id: EndpointId): Promise<WebhookEndpoint> {
  const row = await findEndpoint(tx, id);
  if (row.enabled) return row;
  throw new AppError(
    "WEBHOOK_ENDPOINT_DISABLED",
    `The webhook endpoint '${id}' is disabled, so nothing is sent to it. Enable it with PATCH /v1/webhook-endpoints/${id} {"enabled": true}.`,
  );
}
