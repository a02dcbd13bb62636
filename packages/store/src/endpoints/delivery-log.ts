import { type DeliveryView, type EndpointId, messageId, type Page, type WebhookEventType } from "@espalier/contracts";
import type { CursorCodec } from "../cursors/cursor.js";
import { olderThan } from "../cursors/older-than.js";
import type { Database, Transaction } from "../database/connect.js";
import type { Delivery, DeliveryAttempt } from "../generated/client.js";
import { toPage } from "../views/page.js";
import type { PageRequest } from "./endpoint-store.js";

const include = { attemptLog: { orderBy: { number: "asc" } } } as const;

/** What was sent to an endpoint, newest first. */
export async function deliveryLog(
  database: Database,
  cursors: CursorCodec,
  id: EndpointId,
  page: PageRequest,
): Promise<Page<DeliveryView>> {
  const identity = { list: "deliveries", id };
  const rows = await database.delivery.findMany({
    where: { endpointId: id, ...olderThan(cursors, identity, page.cursor) },
    orderBy: { id: "desc" },
    take: page.limit + 1,
    include,
  });
  const found = toPage(rows, page.limit, (row) => cursors.encode(identity, [row.id]));
  return { ...found, data: found.data.map(deliveryView) };
}

/** One message of the log, which must be there. */
export const readDelivery = async (tx: Transaction, id: string): Promise<DeliveryView> =>
  deliveryView(await tx.delivery.findUniqueOrThrow({ where: { id }, include }));

const deliveryView = (row: Delivery & { attemptLog: readonly DeliveryAttempt[] }): DeliveryView => ({
  id: messageId.parse(row.id),
  event_type: row.eventType as WebhookEventType,
  state: row.state as DeliveryView["state"],
  attempts: row.attemptLog.map(({ at, status, error, durationSeconds }) => ({
    at: at.toISOString(),
    status,
    error,
    duration_seconds: durationSeconds,
  })),
  next_attempt_at: row.nextAttemptAt?.toISOString() ?? null,
  created_at: row.createdAt.toISOString(),
});
