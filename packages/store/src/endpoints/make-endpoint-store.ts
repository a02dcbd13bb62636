import {
  AppError,
  type DeliveryView,
  type EndpointId,
  type EndpointView,
  endpointId,
  messageId,
  newEndpointId,
  newMessageId,
  type Page,
  type WebhookEventType,
} from "@espalier/contracts";
import type { CursorCodec } from "../cursors/cursor.js";
import { olderThan } from "../cursors/older-than.js";
import type { Database } from "../database/connect.js";
import { json } from "../database/json.js";
import type { Delivery, DeliveryAttempt, WebhookEndpoint } from "../generated/client.js";
import { seal } from "../secrets/seal.js";
import { toPage } from "../views/page.js";
import type { EndpointStore, NewEndpoint, PageRequest } from "./endpoint-store.js";

/** Registered endpoints in Postgres. */
export function makeEndpointStore(database: Database, secretKey: Uint8Array, cursors: CursorCodec): EndpointStore {
  const find = (id: EndpointId) => findEndpoint(database, id);
  return {
    create: (endpoint) => create(database, secretKey, endpoint),
    get: async (id) => endpointView(await find(id)),
    list: (page) => list(database, cursors, page),
    async remove(id) {
      await find(id);
      await database.webhookEndpoint.deleteMany({ where: { id } });
    },
    async deliveries(id, page) {
      await find(id);
      return deliveriesOf(database, cursors, id, page);
    },
    async test(id) {
      await find(id);
      return writeTest(database, id);
    },
  };
}

async function findEndpoint(database: Database, id: EndpointId): Promise<WebhookEndpoint> {
  const row = await database.webhookEndpoint.findUnique({ where: { id } });
  if (row) return row;
  throw new AppError(
    "WEBHOOK_ENDPOINT_NOT_FOUND",
    `No webhook endpoint '${id}'. List them with GET /v1/webhook-endpoints.`,
  );
}

async function create(database: Database, secretKey: Uint8Array, endpoint: NewEndpoint): Promise<EndpointView> {
  const { url, events, secret } = endpoint;
  const data = { id: newEndpointId(), url, events: [...events], secret: seal(secretKey, secret) };
  return endpointView(await database.webhookEndpoint.create({ data }));
}

/** Ids begin with their time of creation, so they are the order. */
async function list(database: Database, cursors: CursorCodec, page: PageRequest): Promise<Page<EndpointView>> {
  const identity = { list: "endpoints" };
  const rows = await database.webhookEndpoint.findMany({
    where: olderThan(cursors, identity, page.cursor),
    orderBy: { id: "desc" },
    take: page.limit + 1,
  });
  const found = toPage(rows, page.limit, ({ id }) => cursors.encode(identity, [id]));
  return { ...found, data: found.data.map(endpointView) };
}

async function deliveriesOf(
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
    include: { attemptLog: { orderBy: { number: "asc" } } },
  });
  const found = toPage(rows, page.limit, (row) => cursors.encode(identity, [row.id]));
  return { ...found, data: found.data.map(deliveryView) };
}

async function writeTest(database: Database, endpoint: EndpointId) {
  const id = newMessageId();
  const [clock] = await database.$queryRaw<{ now: Date }[]>`SELECT now()`;
  const timestamp = (clock?.now ?? new Date(0)).toISOString();
  const body = json({ type: "endpoint.test", timestamp, data: { sequence: 0, endpoint_id: endpoint } });
  await database.delivery.create({
    data: { id, endpointId: endpoint, eventType: "endpoint.test", body, nextAttemptAt: new Date(0) },
  });
  return id;
}

const endpointView = ({ id, url, events, enabled, createdAt }: WebhookEndpoint): EndpointView => ({
  id: endpointId.parse(id),
  url,
  events: events as WebhookEventType[],
  enabled,
  created_at: createdAt.toISOString(),
});

function deliveryView(row: Delivery & { attemptLog: readonly DeliveryAttempt[] }): DeliveryView {
  return {
    id: messageId.parse(row.id),
    event_type: row.eventType as WebhookEventType,
    state: row.state as DeliveryView["state"],
    attempts: row.attemptLog.map(({ at, status, error, durationSeconds }) => ({
      at: at.toISOString(),
      status,
      error,
      duration_seconds: durationSeconds,
    })),
    next_attempt_at: nextAttempt(row)?.toISOString() ?? null,
    created_at: row.createdAt.toISOString(),
  };
}

/** A message that was never tried is due since it was written; its row says "since ever". */
const nextAttempt = ({ nextAttemptAt, createdAt }: Delivery): Date | null =>
  nextAttemptAt && (nextAttemptAt < createdAt ? createdAt : nextAttemptAt);
