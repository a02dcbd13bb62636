import {
  type EndpointId,
  type EndpointView,
  endpointId,
  newEndpointId,
  type Page,
  type UpdateEndpointBody,
  type WebhookEventType,
} from "@espalier/contracts";
import type { CursorCodec } from "../cursors/cursor.js";
import { olderThan } from "../cursors/older-than.js";
import type { Database, Transaction } from "../database/connect.js";
import { transact } from "../database/transact.js";
import { receiverHost } from "../deliveries/receiver-host.js";
import { endMessagesOf } from "../deliveries/settle-delivery.js";
import type { WebhookEndpoint } from "../generated/client.js";
import type { Sealer } from "../secrets/seal.js";
import { toPage } from "../views/page.js";
import { deliveryLog } from "./delivery-log.js";
import type { EndpointStore, NewEndpoint, PageRequest } from "./endpoint-store.js";
import { findEndpoint } from "./find-endpoint.js";
import { redeliver } from "./redeliver.js";
import { sendTest } from "./send-test.js";

/** Registered endpoints in Postgres. */
export function makeEndpointStore(database: Database, sealer: Sealer, cursors: CursorCodec): EndpointStore {
  return {
    create: (endpoint) => create(database, sealer, endpoint),
    get: async (id) => endpointView(await findEndpoint(database, id)),
    list: (page) => list(database, cursors, page),
    update: (id, changes) => transact(database, (tx) => update(tx, id, changes)),
    rotateSecret: (id, secret) => transact(database, (tx) => rotateSecret(tx, id, sealer.seal(secret))),
    async remove(id) {
      await findEndpoint(database, id);
      await database.webhookEndpoint.deleteMany({ where: { id } });
    },
    async deliveries(id, page) {
      await findEndpoint(database, id);
      return deliveryLog(database, cursors, id, page);
    },
    test: (id) => transact(database, (tx) => sendTest(tx, id)),
    redeliver: (id, message) => transact(database, (tx) => redeliver(tx, id, message)),
  };
}

async function create(database: Database, sealer: Sealer, endpoint: NewEndpoint): Promise<EndpointView> {
  const { url, events, secret } = endpoint;
  const data = { id: newEndpointId(), url, events: [...events], secret: sealer.seal(secret) };
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

async function update(tx: Transaction, id: EndpointId, changes: UpdateEndpointBody): Promise<EndpointView> {
  await findEndpoint(tx, id);
  const { url, events, enabled } = changes;
  const data = {
    ...(url !== undefined && { url }),
    ...(events !== undefined && { events }),
    ...(enabled !== undefined && { enabled }),
    ...((enabled === true || url !== undefined) && { failingSince: null }),
  };
  const row = await tx.webhookEndpoint.update({ where: { id }, data });
  if (url !== undefined) {
    await tx.delivery.updateMany({ where: { endpointId: id, state: "pending" }, data: { host: receiverHost(url) } });
  }
  if (!row.enabled) await endMessagesOf(tx, id);
  return endpointView(row);
}

async function rotateSecret(tx: Transaction, id: EndpointId, sealed: Uint8Array): Promise<EndpointView> {
  await findEndpoint(tx, id);
  await tx.$executeRaw`
    UPDATE webhook_endpoints SET secret = ${sealed}, previous_secret = secret,
      previous_secret_until = clock_timestamp() + interval '24 hours'
    WHERE id = ${id}`;
  return endpointView(await findEndpoint(tx, id));
}

const endpointView = (row: WebhookEndpoint): EndpointView => ({
  id: endpointId.parse(row.id),
  url: row.url,
  events: row.events as WebhookEventType[],
  enabled: row.enabled,
  failing_since: row.failingSince?.toISOString() ?? null,
  previous_secret_until: row.previousSecretUntil?.toISOString() ?? null,
  created_at: row.createdAt.toISOString(),
});
