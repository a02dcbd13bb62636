import { type EndpointId, endpointId, type MessageId, messageId } from "@espalier/contracts";
import { describe, expect, it } from "vitest";
import { webhookBodyText } from "../src/events/webhook-body.js";
import { SECRET } from "./support/jobs.js";
import { useStore } from "./support/open-test-store.js";

const store = useStore();
const OTHER_SECRET = `whsec_${Buffer.alloc(32, 8).toString("base64")}`;
const THIRD_SECRET = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;
const accepted = { status: 204, error: null, durationSeconds: 0.1 };
const failed = { status: 500, error: "The receiver answered 500.", durationSeconds: 0.1 };

let made = 0;
const create = async (): Promise<EndpointId> => {
  made += 1;
  const url = `https://endpoint${made}.test/hook`;
  return (await store().endpoints.create({ url, events: ["job.failed"], secret: SECRET })).id;
};

const testMessage = async (id: EndpointId): Promise<MessageId> => (await store().endpoints.test(id)).id;

/** One attempt that fails for good. */
async function fail(message: MessageId, disableEndpoint = false): Promise<void> {
  await store().deliveries.claim(message, 30);
  await store().deliveries.settle(message, failed, { delivered: false, retryInSeconds: null, disableEndpoint });
}

describe("changing an endpoint", () => {
  it("keeps what is not named", async () => {
    const id = await create();
    const before = await store().endpoints.get(id);
    expect(await store().endpoints.update(id, { events: ["job.started"] })).toEqual({
      ...before,
      events: ["job.started"],
    });
    expect(await store().endpoints.update(id, {})).toEqual({ ...before, events: ["job.started"] });
  });

  it("sends what waits to the new address, and forgets how long the old one failed", async () => {
    const { endpoints, deliveries } = store();
    const id = await create();
    await fail(await testMessage(id));
    expect((await endpoints.get(id)).failing_since).not.toBeNull();
    const message = await testMessage(id);
    const changed = await endpoints.update(id, { url: "https://moved.test:8443/hook" });
    expect(changed).toMatchObject({ url: "https://moved.test:8443/hook", failing_since: null });
    expect(await deliveries.claim(message, 30)).toMatchObject({ url: "https://moved.test:8443/hook" });
    const hosts = await store().sql("SELECT host FROM deliveries WHERE id = $1", [message]);
    expect(hosts).toEqual([{ host: "moved.test:8443" }]);
  });

  it("ends what waits when disabled; enabling starts the five days of failures anew", async () => {
    const { endpoints, deliveries } = store();
    const id = await create();
    await fail(await testMessage(id), true);
    expect(await endpoints.get(id)).toMatchObject({ enabled: false, failing_since: expect.any(String) });
    expect(await endpoints.update(id, { enabled: true })).toMatchObject({ enabled: true, failing_since: null });
    const message = await testMessage(id);
    await endpoints.update(id, { enabled: false });
    expect(await deliveries.claim(message, 30)).toBeUndefined();
    const log = await endpoints.deliveries(id, { limit: 1 });
    expect(log.data).toMatchObject([{ id: message, state: "exhausted", next_attempt_at: null }]);
  });

  it("refuses to send to a disabled endpoint", async () => {
    const { endpoints } = store();
    const id = await create();
    const message = await testMessage(id);
    await endpoints.update(id, { enabled: false });
    await expect(endpoints.test(id)).rejects.toMatchObject({ code: "WEBHOOK_ENDPOINT_DISABLED" });
    await expect(endpoints.redeliver(id, message)).rejects.toMatchObject({ code: "WEBHOOK_ENDPOINT_DISABLED" });
  });

  it("ends a message that was written while its endpoint was being disabled", async () => {
    const { endpoints, deliveries, sql } = store();
    const id = await create();
    const message = await testMessage(id);
    await sql("UPDATE webhook_endpoints SET enabled = false WHERE id = $1", [id]);
    expect(await deliveries.claim(message, 30)).toBeUndefined();
    expect((await endpoints.deliveries(id, { limit: 1 })).data).toMatchObject([{ state: "exhausted" }]);
  });
});

describe("rotating a secret", () => {
  it("signs with the new and the previous one for a day, then with the new one", async () => {
    const { endpoints, deliveries, sql } = store();
    const id = await create();
    const before = Date.now();
    const { previous_secret_until } = await endpoints.rotateSecret(id, OTHER_SECRET);
    expect(Math.abs(Date.parse(previous_secret_until ?? "") - before - 24 * 3_600_000)).toBeLessThan(60_000);
    const message = await testMessage(id);
    expect((await deliveries.claim(message, 30))?.secrets).toEqual([OTHER_SECRET, SECRET]);
    await sql("UPDATE webhook_endpoints SET previous_secret_until = now() - interval '1 s' WHERE id = $1", [id]);
    await sql("UPDATE deliveries SET lease_until = NULL WHERE id = $1", [message]);
    expect((await deliveries.claim(message, 30))?.secrets).toEqual([OTHER_SECRET]);
  });

  it("ends the secret before the previous one", async () => {
    const { endpoints, deliveries } = store();
    const id = await create();
    await endpoints.rotateSecret(id, OTHER_SECRET);
    await endpoints.rotateSecret(id, THIRD_SECRET);
    expect((await deliveries.claim(await testMessage(id), 30))?.secrets).toEqual([THIRD_SECRET, OTHER_SECRET]);
  });

  it("keeps both encrypted", async () => {
    const id = await create();
    await store().endpoints.rotateSecret(id, OTHER_SECRET);
    const [row] = await store().sql<{ secret: Buffer; previous_secret: Buffer }>(
      "SELECT secret, previous_secret FROM webhook_endpoints WHERE id = $1",
      [id],
    );
    for (const sealed of [row?.secret, row?.previous_secret]) {
      expect(sealed?.includes(Buffer.from("whsec_"))).toBe(false);
    }
  });
});

describe("sending a message again", () => {
  it("puts the same message before the whole schedule; the log goes on", async () => {
    const { endpoints, deliveries } = store();
    const id = await create();
    const message = await testMessage(id);
    const first = await deliveries.claim(message, 30);
    await deliveries.settle(message, failed, { delivered: false, retryInSeconds: null });
    const again = await endpoints.redeliver(id, message);
    expect(again).toMatchObject({ id: message, state: "pending", attempts: [{ status: 500 }] });
    expect(await deliveries.due({ pace: "quick", limit: 100 })).toContain(message);
    const second = await deliveries.claim(message, 30);
    expect(second).toMatchObject({ id: message, body: first?.body, attempt: 1 });
    await deliveries.settle(message, accepted, { delivered: true, retryInSeconds: null });
    const log = await endpoints.deliveries(id, { limit: 10 });
    expect(log.data).toMatchObject([{ id: message, state: "delivered", attempts: [{ status: 500 }, { status: 204 }] }]);
  });

  it("is refused while it is pending, and of what there is not", async () => {
    const { endpoints } = store();
    const [id, other] = [await create(), await create()];
    const message = await testMessage(id);
    await expect(endpoints.redeliver(id, message)).rejects.toMatchObject({ code: "WEBHOOK_DELIVERY_PENDING" });
    await fail(message);
    await expect(endpoints.redeliver(other, message)).rejects.toMatchObject({ code: "WEBHOOK_DELIVERY_NOT_FOUND" });
    const nobody = endpointId.parse("whe_01890a5d-ac96-774b-bcce-b302099a8057");
    await expect(endpoints.redeliver(nobody, message)).rejects.toMatchObject({ code: "WEBHOOK_ENDPOINT_NOT_FOUND" });
    const nothing = messageId.parse("msg_01890a5d-ac96-774b-bcce-b302099a8057");
    await expect(endpoints.redeliver(id, nothing)).rejects.toMatchObject({ code: "WEBHOOK_DELIVERY_NOT_FOUND" });
  });

  it("makes one round of it, however many ask at once", async () => {
    const { endpoints } = store();
    const id = await create();
    const message = await testMessage(id);
    await fail(message);
    const asked = await Promise.allSettled([1, 2, 3].map(() => endpoints.redeliver(id, message)));
    expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
});

describe("the body of a webhook", () => {
  it("stays below 20 KB: what is longer names its event alone", () => {
    const event = { type: "job.failed", timestamp: "2026-01-01T00:00:00.000Z" } as const;
    const short = { sequence: 7, job_id: "job_1", detail: "é".repeat(5_000) };
    expect(JSON.parse(webhookBodyText({ ...event, data: short }))).toEqual({ ...event, data: short });
    const long = webhookBodyText({ ...event, data: { ...short, detail: "é".repeat(10_000) } });
    expect(JSON.parse(long)).toEqual({ ...event, data: { sequence: 7, job_id: "job_1", truncated: true } });
  });
});
