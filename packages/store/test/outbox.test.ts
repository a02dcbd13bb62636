import { type MessageId, webhookBody } from "@espalier/contracts";
import type { DueDelivery, JobWebhook } from "@espalier/pipeline";
import { describe, expect, it } from "vitest";
import { newJob, SECRET } from "./support/jobs.js";
import { useStore } from "./support/open-test-store.js";

const store = useStore();
const accepted = { status: 204, error: null, durationSeconds: 0.2 };
const webhook = (events: JobWebhook["events"], url = "https://a.test/hook"): JobWebhook => ({
  url,
  events,
  secret: SECRET,
});

/** Message ids of a job's deliveries, oldest first. */
const messagesOf = async (id: string): Promise<MessageId[]> => {
  const rows = await store().sql<{ id: MessageId }>("SELECT id FROM deliveries WHERE job_id = $1 ORDER BY id", [id]);
  return rows.map((row) => row.id);
};

async function cancelledJobWithWebhook() {
  const { jobs } = store();
  const { id } = await jobs.create(newJob({}, { webhooks: [webhook(["job.cancelled"])] }));
  await jobs.cancel(id);
  const [message] = await messagesOf(id);
  if (!message) throw new Error("no message in the outbox");
  return { id, message };
}

describe("the outbox", () => {
  it("gets a message per receiver that asked for the event, with the body as it will be sent", async () => {
    const { jobs, endpoints, deliveries } = store();
    const endpoint = await endpoints.create({ url: "https://b.test/all", events: ["job.cancelled"], secret: SECRET });
    const hooks = [webhook(["job.started", "job.cancelled"]), webhook(["job.succeeded"])];
    const { id } = await jobs.create(newJob({}, { webhooks: hooks }));
    expect(await messagesOf(id)).toEqual([]);
    await jobs.claimStage(id, "profile", "w", 30);
    await jobs.cancel(id);
    const messages = await messagesOf(id);
    expect(messages).toHaveLength(3); // started and cancelled to the first webhook, cancelled to the endpoint
    const claimed: (DueDelivery | undefined)[] = [];
    for (const message of messages) {
      expect(await deliveries.due({ pace: "quick", limit: 1000 })).toContain(message);
      claimed.push(await deliveries.claim(message, 30));
      await deliveries.settle(message, accepted, { delivered: true, retryInSeconds: null });
    }
    const bodies = claimed.map((delivery) => webhookBody.parse(JSON.parse(delivery?.body ?? "")));
    expect(bodies.map(({ type }) => type).sort()).toEqual(["job.cancelled", "job.cancelled", "job.started"]);
    expect(bodies.find(({ type }) => type === "job.cancelled")?.data).toMatchObject({
      sequence: 3,
      job_id: id,
      state: "cancelled",
    });
    await endpoints.remove(endpoint.id);
  });

  it("keeps secrets encrypted, in a column of bytes", async () => {
    const { id } = await cancelledJobWithWebhook();
    const [row] = await store().sql<{ secret: Buffer }>("SELECT secret FROM job_webhooks WHERE job_id = $1", [id]);
    expect(row?.secret.includes(Buffer.from(SECRET))).toBe(false);
    const tables = await store().sql<{ name: string }>(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'",
    );
    for (const { name } of tables) {
      const [found] = await store().sql<{ n: number }>(
        `SELECT count(*)::int AS n FROM "${name}" AS t WHERE t::text LIKE '%' || $1 || '%'`,
        [SECRET],
      );
      expect([name, found?.n]).toEqual([name, 0]);
    }
  });

  it("gives a message to one sender at a time, with the secret", async () => {
    const { message } = await cancelledJobWithWebhook();
    const claims = await Promise.all([1, 2, 3].map(() => store().deliveries.claim(message, 30)));
    expect(claims.filter((claim) => claim !== undefined)).toEqual([
      {
        id: message,
        url: "https://a.test/hook",
        secrets: [SECRET],
        body: expect.any(String),
        attempt: 1,
        delaySeconds: expect.any(Number),
        traceParent: null,
      },
    ]);
  });

  it("tries again when it is due, until delivered", async () => {
    const { deliveries, sql } = store();
    const { message } = await cancelledJobWithWebhook();
    await deliveries.claim(message, 30);
    const refused = { status: 500, error: "HTTP 500", durationSeconds: 0.1 };
    await deliveries.settle(message, refused, { delivered: false, retryInSeconds: 60 });
    expect(await deliveries.claim(message, 30)).toBeUndefined();
    await sql("UPDATE deliveries SET next_attempt_at = now() WHERE id = $1", [message]);
    expect(await deliveries.claim(message, 30)).toMatchObject({ attempt: 2 });
    await deliveries.settle(message, accepted, { delivered: true, retryInSeconds: null });
    expect(await sql("SELECT state, attempts FROM deliveries WHERE id = $1", [message])).toEqual([
      { state: "delivered", attempts: 2 },
    ]);
    await deliveries.settle(message, refused, { delivered: false, retryInSeconds: 1 }); // late: changes nothing
    expect(await deliveries.claim(message, 30)).toBeUndefined();
  });
});

describe("registered endpoints", () => {
  it("are listed, read, tested and removed; their log shows every attempt", async () => {
    const { endpoints, deliveries } = store();
    const made = await endpoints.create({ url: "https://c.test", events: ["job.failed"], secret: SECRET });
    expect(made).toMatchObject({ url: "https://c.test", events: ["job.failed"], enabled: true });
    expect(await endpoints.get(made.id)).toEqual(made);
    await endpoints.create({ url: "https://d.test", events: ["job.failed"], secret: SECRET });
    const first = await endpoints.list({ limit: 1 });
    const second = await endpoints.list({ limit: 1, cursor: first.next_cursor ?? undefined });
    expect([first.data[0]?.url, second.data[0]?.url]).toEqual(["https://d.test", "https://c.test"]);
    const { id: message } = await endpoints.test(made.id);
    await deliveries.claim(message, 30);
    const gone = { status: 410, error: "HTTP 410", durationSeconds: 0.1 };
    await deliveries.settle(message, gone, { delivered: false, retryInSeconds: null, disableEndpoint: true });
    const log = await endpoints.deliveries(made.id, { limit: 10 });
    expect(log.data).toMatchObject([
      {
        id: message,
        event_type: "endpoint.test",
        state: "exhausted",
        next_attempt_at: null,
        attempts: [{ status: 410 }],
      },
    ]);
    expect((await endpoints.get(made.id)).enabled).toBe(false);
    await endpoints.remove(made.id);
    await expect(endpoints.get(made.id)).rejects.toMatchObject({ code: "WEBHOOK_ENDPOINT_NOT_FOUND" });
  });

  it("are disabled after five days without a success, and their open messages end", async () => {
    const { endpoints, deliveries, sql } = store();
    const { id } = await endpoints.create({ url: "https://e.test", events: ["job.failed"], secret: SECRET });
    const [{ id: first }, { id: second }] = [await endpoints.test(id), await endpoints.test(id)];
    const failed = { status: null, error: "timeout", durationSeconds: 15 };
    await deliveries.claim(first, 30);
    await deliveries.settle(first, failed, { delivered: false, retryInSeconds: 0 });
    expect((await endpoints.get(id)).enabled).toBe(true);
    await sql("UPDATE webhook_endpoints SET failing_since = now() - interval '6 days' WHERE id = $1", [id]);
    await deliveries.claim(first, 30);
    await deliveries.settle(first, failed, { delivered: false, retryInSeconds: 5 });
    expect((await endpoints.get(id)).enabled).toBe(false);
    expect(await deliveries.claim(second, 30)).toBeUndefined();
  });
});
